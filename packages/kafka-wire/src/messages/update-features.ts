export const updateFeaturesRequestTable = {
  name: 'UpdateFeaturesRequest',
  type: 'request',
  apiKey: 57,
  doc: 'Raises or lowers finalized feature levels of the cluster.',
  listeners: ['zkBroker', 'broker', 'controller'],
  clusterAction: true,
  forwardable: true,
  validVersions: '0-1',
  flexibleVersions: '0+',
  fields: [
    { name: 'timeoutMs', type: 'int32', versions: '0+', default: 60000 },
    {
      name: 'featureUpdates',
      type: '[]FeatureUpdateKey',
      versions: '0+',
      fields: [
        { name: 'feature', type: 'string', versions: '0+', mapKey: true },
        { name: 'maxVersionLevel', type: 'int16', versions: '0+', doc: 'Level wanted; below 1 removes the feature.' },
        { name: 'allowDowngrade', type: 'bool', versions: '0' },
        { name: 'upgradeType', type: 'int8', versions: '1+', default: 1 },
      ],
    },
    { name: 'validateOnly', type: 'bool', versions: '1+' },
  ],
} as const;

export const updateFeaturesResponseTable = {
  name: 'UpdateFeaturesResponse',
  type: 'response',
  apiKey: 57,
  doc: 'The outcome as a whole and for each feature.',
  validVersions: '0-1',
  flexibleVersions: '0+',
  fields: [
    { name: 'throttleTimeMs', type: 'int32', versions: '0+' },
    { name: 'errorCode', type: 'int16', versions: '0+' },
    { name: 'errorMessage', type: 'string', versions: '0+', nullableVersions: '0+' },
    {
      name: 'results',
      type: '[]UpdatableFeatureResult',
      versions: '0+',
      fields: [
        { name: 'feature', type: 'string', versions: '0+', mapKey: true },
        { name: 'errorCode', type: 'int16', versions: '0+' },
        { name: 'errorMessage', type: 'string', versions: '0+', nullableVersions: '0+' },
      ],
    },
  ],
} as const;

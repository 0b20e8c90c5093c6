export const deleteTopicsRequestTable = {
  name: 'DeleteTopicsRequest',
  type: 'request',
  apiKey: 20,
  doc: 'Deletes topics, by name or, from version 6 on, by id.',
  listeners: ['zkBroker', 'broker', 'controller'],
  forwardable: true,
  validVersions: '0-6',
  deprecatedVersions: '0',
  flexibleVersions: '4+',
  fields: [
    {
      name: 'topics',
      type: '[]DeleteTopicState',
      versions: '6+',
      fields: [
        {
          name: 'name',
          type: 'string',
          versions: '6+',
          nullableVersions: '6+',
          default: null,
          entityType: 'topicName',
        },
        { name: 'topicId', type: 'uuid', versions: '6+' },
      ],
    },
    { name: 'topicNames', type: '[]string', versions: '0-5', ignorable: true, entityType: 'topicName' },
    { name: 'timeoutMs', type: 'int32', versions: '0+' },
  ],
} as const;

export const deleteTopicsResponseTable = {
  name: 'DeleteTopicsResponse',
  type: 'response',
  apiKey: 20,
  doc: 'The outcome for each topic that was to be deleted.',
  validVersions: '0-6',
  flexibleVersions: '4+',
  fields: [
    { name: 'throttleTimeMs', type: 'int32', versions: '1+', ignorable: true },
    {
      name: 'responses',
      type: '[]DeletableTopicResult',
      versions: '0+',
      fields: [
        { name: 'name', type: 'string', versions: '0+', nullableVersions: '6+', mapKey: true, entityType: 'topicName' },
        { name: 'topicId', type: 'uuid', versions: '6+', ignorable: true },
        { name: 'errorCode', type: 'int16', versions: '0+' },
        {
          name: 'errorMessage',
          type: 'string',
          versions: '5+',
          nullableVersions: '5+',
          default: null,
          ignorable: true,
        },
      ],
    },
  ],
} as const;

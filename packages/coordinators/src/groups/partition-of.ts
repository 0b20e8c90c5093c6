/**
 * The partition of `__consumer_offsets` that a group falls on: |hash| modulo partitions, with the hash of Java's
 * `String`. The one int whose absolute value is no int counts as 0.
 */
export function partitionOfGroup(groupId: string, partitions: number): number {
  let hash = 0;
  for (let i = 0; i < groupId.length; i++) hash = (Math.imul(31, hash) + groupId.charCodeAt(i)) | 0;
  return (hash === -0x8000_0000 ? 0 : Math.abs(hash)) % partitions;
}

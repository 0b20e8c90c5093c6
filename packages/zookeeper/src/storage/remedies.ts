/**
 * Against damage in a server's files. A server alone has no others to learn from, and a member keeps its number: so
 * neither does what helps a replica whose disk can be given up.
 */
export const BRING_BACK =
  'bring the file back from a copy; a member of an ensemble that has a quorum without it may begin with an empty dataDir but for myid, and is sent everything';

/** Against files that do not hold all that a member has acknowledged. */
export const BRING_MISSING_BACK =
  'bring the missing files back from a copy; a member of an ensemble that has a quorum without it may begin with an empty dataDir but for myid, and is sent everything';

/** Against a snapshot that was whole when the server started. */
export const START_WITH_OLDER =
  'start the server again: it begins with an older snapshot and the log behind that, if they are there and whole';

/** For a member that its leader tells to forget more than it can. */
export const BEGIN_EMPTY =
  'start this member with an empty dataDir but for myid: the leader, which has a quorum, sends it everything';

export { acknowledge, actorOf, type ByStaff, cancel, pass, resolveEscalation } from './answer.ts';
export { wordsOf } from './draft.ts';
export { deskDue, levelDue, promiseDue, tellDue } from './due.ts';
export { type AcknowledgeLink, type LinkView, linkFor, seeLink, takeByLink } from './link.ts';
export { nightOf, type Press, type PressFacts, press } from './press.ts';
export { type Preview, preview } from './preview.ts';
export { type Claim, claimPage, pageFailed, pageSent, sendByDue } from './results.ts';
export { levelsNow, whom } from './whom.ts';

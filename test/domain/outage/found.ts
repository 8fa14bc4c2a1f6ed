import { incidents, type Move } from './moves.ts';

/** Histories in which the property once failed, or that nobody would find by chance. */

const escalate: Move = { do: 'escalate', service: 'mail', blocked: false };
/** A ticket is linked to an incident whose lead, that somebody holds, was just linked to another one. */
const cameLate: Move[] = [
  ...[escalate, escalate, { do: 'wait' as const, seconds: 901 }, escalate],
  ...incidents.slice(1).map((incident) => ({ do: 'link' as const, n: 1, incident })),
  { do: 'take', n: 1, who: 'dana' },
  ...incidents.slice(0, 1).map((incident) => ({ do: 'link' as const, n: 1, incident })),
  { do: 'deliver' },
  ...incidents.slice(1).map((incident) => ({ do: 'link' as const, n: 0, incident })),
];

/** One that somebody holds is linked to an incident whose lead has just been linked to another one. */
const heldCameLate: Move[] = [
  escalate,
  { do: 'link', n: 0, incident: incidents[1]! },
  { do: 'wait', seconds: 601 },
  { do: 'take', n: 0, who: 'dana' },
  escalate,
  { do: 'take', n: 1, who: 'dana' },
  { do: 'link', n: 0, incident: incidents[0]! },
  { do: 'link', n: 1, incident: incidents[1]! },
];

/** A lead falls silent and ends in the instant in which somebody else presses, who leads before anyone has heard. */
const heirBeforeNews: Move[] = [
  escalate,
  { do: 'take', n: 0, who: 'dana' },
  escalate,
  escalate,
  ...[747, 197, 1189, 267].map((seconds) => ({ do: 'wait' as const, seconds })),
  { do: 'resolve', n: 0, who: 'dana' },
  escalate,
];

/** A holder falls silent just before its followers' promises are due, and the lead ends before they have heard. */
const lapseBeforeNews: Move[] = [
  escalate,
  { do: 'wait', seconds: 601 },
  escalate,
  { do: 'take', n: 0, who: 'dana' },
  escalate,
  ...[400, 1401].map((seconds) => ({ do: 'wait' as const, seconds })),
  { do: 'resolve', n: 0, who: 'dana' },
];

/** Another number comes in the instant in which its holder was paged with the one before. */
const numberBesidePage: Move[] = [
  ...[escalate, escalate],
  ...[253, 947].map((seconds) => ({ do: 'wait' as const, seconds })),
  ...incidents.slice(1).flatMap((incident) => [1, 0].map((n) => ({ do: 'link' as const, n, incident }))),
  { do: 'take', n: 0, who: 'dana' },
  { do: 'renumber', n: 0 },
];

/** A number is changed and changed back in one instant, before and after somebody takes the outage. */
const numberAndBack: Move[] = [
  ...[escalate, escalate, escalate, escalate],
  { do: 'wait', seconds: 1 },
  { do: 'renumber', n: 3 },
  { do: 'take', n: 0, who: 'dana' },
  { do: 'press', n: 3 },
];

export const found = [
  cameLate,
  heldCameLate,
  heirBeforeNews,
  lapseBeforeNews,
  numberBesidePage,
  numberAndBack,
];

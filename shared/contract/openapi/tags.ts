import type { Operation } from '../operation.ts';

const about: Readonly<Record<string, string>> = {
  Tickets: 'Requests to the desk, with their timeline.',
  Escalation: 'Emergencies: see what would happen, press, watch, take.',
  Incidents: 'Known outages that many tickets share, with public words.',
  'On call': 'Opening hours, schedules, policies, and who can be reached.',
  Staff: 'Who works here, and how they are reached.',
  Reports: 'What was promised and kept, and how on-call went.',
  Administration: 'The provider, its partners, plans and services.',
  Webhooks: 'Endpoints, deliveries, and the log of events.',
  'API keys': 'Who may call this API, and what with.',
  Documentation: 'This document.',
};

/** The groups of operations, in their order, each with what it is about. A group without words stops the writing. */
export function tagsOf(operations: readonly Operation[]): { name: string; description: string }[] {
  return [...new Set(operations.map(({ tag }) => tag))].map((name) => {
    const description = about[name];
    if (!description) throw new Error(`openapi/tags.ts says nothing of the group ${name}.`);
    return { name, description };
  });
}

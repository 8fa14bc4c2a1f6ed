import * as z from 'zod';
import { lazy } from '../lazy.ts';
import { incidentStates } from '../words.ts';
import { id, instant, instantIn, line, pageQuery, prose, someField } from './common.ts';

/** What every partner may read: never who else has it. */
export const incidentView = lazy(() =>
  z
    .object({
      number: z.string().meta({ example: 'INC-6PC7-PS91' }),
      title: z.string(),
      service: z.string().nullable(),
      state: z.enum(incidentStates),
      since: instant(),
      text: z.string().nullable().meta({ description: 'The latest public words.' }),
      updatedAt: instant(),
    })
    .meta({ id: 'IncidentView' }),
);

const title = () => line(200).meta({ description: 'Partners read it.', example: 'Hosted mail is delayed' });
const text = () => prose(1_000).meta({ description: 'Public words: partners read them.' });

export const incidentIn = lazy(() =>
  z
    .strictObject({
      title: title(),
      service: id().nullable().default(null),
      since: instantIn().nullable().default(null).meta({ description: 'Now when left out.' }),
      text: text().nullable().default(null),
    })
    .meta({ id: 'IncidentIn' }),
);

export const incidentChange = lazy(() =>
  someField(
    z.strictObject({
      title: title().exactOptional(),
      service: id().nullable().exactOptional(),
      state: z.enum(incidentStates).exactOptional(),
      text: text().exactOptional(),
    }),
  ).meta({ id: 'IncidentChange' }),
);

export const incident = lazy(() =>
  z
    .object({
      ...incidentView().shape,
      updates: z
        .array(z.object({ at: instant(), text: z.string() }))
        .meta({ description: 'Public words, oldest first; the latest 50.' }),
      resolvedAt: instant().nullable(),
      createdAt: instant(),
    })
    .meta({ id: 'Incident' }),
);

export const incidentWhole = lazy(() =>
  z
    .object({
      ...incident().shape,
      tickets: z
        .array(z.object({ number: z.string(), partner: z.string() }))
        .meta({ description: 'At most 1,000.' }),
    })
    .meta({ id: 'IncidentWithTickets' }),
);

export const incidentTicketsIn = lazy(() =>
  z
    .strictObject({
      tickets: z
        .array(z.string().min(1).max(64))
        .min(1)
        .max(50)
        .meta({ description: 'Ticket numbers.', example: ['ND-6PC7-PS91'] }),
    })
    .meta({ id: 'IncidentTicketsIn' }),
);

export const incidentParams = lazy(() =>
  z.object({ number: z.string().min(1).max(64).meta({ example: 'INC-6PC7-PS91' }) }),
);

export const incidentTicketParams = lazy(() =>
  z.object({
    ...incidentParams().shape,
    ticket: z.string().min(1).max(64).meta({ example: 'ND-6PC7-PS91' }),
  }),
);

export const incidentsQuery = lazy(() =>
  z.strictObject({
    state: z.enum(incidentStates).exactOptional(),
    limit: pageQuery.limit(),
    cursor: pageQuery.cursor(),
  }),
);

import * as z from 'zod';
import { lazy } from '../lazy.ts';
import { staffRoles } from '../words.ts';
import { id } from './common.ts';

const target = lazy(() =>
  z
    .union(
      [
        z.strictObject({ schedule: id() }),
        z.strictObject({ staff: id() }),
        z.strictObject({ role: z.enum(staffRoles) }),
        z.strictObject({ everyone: z.literal(true) }),
      ],
      {
        error:
          'must be one of {schedule}, {staff}, {role} (engineer, agent, manager, admin) and {everyone: true}',
      },
    )
    .meta({ id: 'Target' }),
);

const levels = lazy(() =>
  z
    .array(
      z.strictObject({
        afterMinutes: z.int().min(0).max(1_440),
        page: z.array(target()).min(1).max(20),
      }),
    )
    .min(1)
    .max(20)
    .superRefine((given, context) => {
      for (const [n, level] of given.entries()) {
        const previous = given[n - 1];
        if (previous && level.afterMinutes <= previous.afterMinutes) {
          context.addIssue({
            code: 'custom',
            message: 'must be later than the level before',
            path: [n, 'afterMinutes'],
          });
        }
      }
    }),
);

/** Every decision reads all pages of its escalation. */
const mostRepeats = 300;

export const policyIn = lazy(() =>
  z
    .strictObject({
      id: id().exactOptional().meta({ description: 'That of the path: what was read may be put back.' }),
      promiseMinutes: z.int().min(1).max(1_440).default(30),
      levels: levels()
        .refine((given) => given[0]?.afterMinutes === 0, {
          error: 'must be 0: the first level is paged at once',
          path: [0, 'afterMinutes'],
        })
        .meta({ description: 'While the desk is closed, in minutes from the press.' }),
      businessHours: z.strictObject({ levels: levels() }).exactOptional().meta({
        description:
          'While the desk is open: the desk is alerted at the press, these follow. When left out: the first level after 10 minutes, everyone and the duty manager after 20.',
      }),
      repeatMinutes: z.int().min(1).max(240).default(10),
      giveUpMinutes: z.int().min(30).max(2_880).default(240),
    })
    .superRefine((given, context) => {
      const { promiseMinutes, giveUpMinutes, repeatMinutes, levels: byNight, businessHours } = given;
      const issue = (path: (string | number)[], message: string) =>
        context.addIssue({ code: 'custom', path, message });
      const shortest = Math.ceil(giveUpMinutes / mostRepeats);
      if (repeatMinutes < shortest)
        issue(
          ['repeatMinutes'],
          `must be at least ${shortest} with giveUpMinutes ${giveUpMinutes}: everyone is paged ${mostRepeats} times at most`,
        );
      if (promiseMinutes > giveUpMinutes)
        issue(
          ['promiseMinutes'],
          `must not be more than giveUpMinutes (${giveUpMinutes}, 240 when left out)`,
        );
      for (const [path, given] of [
        [['levels'], byNight],
        [['businessHours', 'levels'], businessHours?.levels ?? []],
      ] as const)
        for (const [n, { afterMinutes }] of given.entries())
          if (afterMinutes >= giveUpMinutes)
            issue(
              [...path, n, 'afterMinutes'],
              `must be less than giveUpMinutes (${giveUpMinutes}, 240 when left out)`,
            );
    })
    .meta({ id: 'PolicyIn' }),
);
export type PolicyIn = z.output<ReturnType<typeof policyIn>>;

const levelsOut = lazy(() => z.array(z.object({ afterMinutes: z.int(), page: z.array(target()) })));

export const policy = lazy(() =>
  z
    .object({
      id: id(),
      promiseMinutes: z.int(),
      levels: levelsOut(),
      businessHours: z.object({ levels: levelsOut() }),
      repeatMinutes: z.int(),
      giveUpMinutes: z.int(),
    })
    .meta({ id: 'Policy' }),
);

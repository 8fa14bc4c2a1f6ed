import { it } from 'vitest';
import { agree } from './model/agree.ts';

it('an escalation does what a second telling of its rules says, in 10,000 histories', () => agree(10_000));

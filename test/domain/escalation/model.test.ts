import { it } from 'vitest';
import { agree } from './model/agree.ts';

it('an escalation does what a second telling of its rules says, whatever happens to it', () => agree(150));

import { setImmediate as turn, setTimeout as wait } from 'node:timers/promises';

/**
 * Makes one call of many: what is asked for in the same turn of the event loop, or within `waitMs`, is asked
 * together. `ask` answers each in its place; when it throws, all of them fail.
 */
export function together<Question, Answer>(
  ask: (questions: readonly Question[]) => Promise<readonly Answer[]>,
  waitMs = 0,
): (question: Question) => Promise<Answer> {
  let gathering: { questions: Question[]; answers: Promise<readonly Answer[]> } | null = null;
  const begin = () => {
    const questions: Question[] = [];
    const answers = (waitMs > 0 ? wait(waitMs) : turn()).then(() => {
      gathering = null;
      return ask(questions);
    });
    return { questions, answers };
  };
  return async (question) => {
    gathering ??= begin();
    const index = gathering.questions.push(question) - 1;
    return (await gathering.answers)[index] as Answer;
  };
}

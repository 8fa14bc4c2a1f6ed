/**
 * Work for the same name is begun when what came before it is over, however that ended. The pages of one
 * batch to one phone would else be in each other's way: each has to know the turn of the one before.
 */
export function inTurn(): <T>(name: string, work: () => Promise<T>) => Promise<T> {
  const latest = new Map<string, Promise<unknown>>();
  return (name, work) => {
    const before = latest.get(name) ?? Promise.resolve();
    const mine = before.then(work, work);
    latest.set(name, mine);
    const forget = () => latest.get(name) === mine && latest.delete(name);
    mine.then(forget, forget);
    return mine;
  };
}

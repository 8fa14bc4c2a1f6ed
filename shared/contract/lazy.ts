import type * as z from 'zod';

/** A schema that is built when it is first asked for: importing the contract builds nothing (cold starts). */
export type Schema<Out = unknown> = () => z.ZodType<Out>;

export function lazy<T>(build: () => T): () => T {
  let built: { value: T } | null = null;
  return () => {
    built ??= { value: build() };
    return built.value;
  };
}

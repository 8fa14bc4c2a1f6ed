export interface Listing<T> {
  data: T[];
  nextCursor: string | null;
}

/** What a record itself has by a key; null: nothing, also where every object has something ("constructor"). */
export const own = <T>(record: Record<string, T> | undefined | null, key: string): T | null =>
  record && Object.hasOwn(record, key) ? (record[key] as T) : null;

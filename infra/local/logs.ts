import { createWriteStream, type WriteStream } from 'node:fs';
import { join } from 'node:path';

/** What functions wrote, as CloudWatch Logs would have it: the latest in memory, all of it in DATA_DIR. */
export class FunctionLogs {
  private readonly file: WriteStream | null;
  private readonly lines: { readonly function: string; readonly line: string }[] = [];

  constructor(dataDir: string | null) {
    this.file = dataDir ? createWriteStream(join(dataDir, 'functions.log'), { flags: 'a' }) : null;
  }

  add(functionName: string, text: string): void {
    for (const line of text.split('\n')) {
      if (line === '') continue;
      this.lines.push({ function: functionName, line });
      this.file?.write(`${functionName} ${line}\n`);
    }
    if (this.lines.length > 4000) this.lines.splice(0, 2000);
  }

  latest(functionName?: string | null): { readonly function: string; readonly line: string }[] {
    return functionName ? this.lines.filter((line) => line.function.endsWith(functionName)) : [...this.lines];
  }

  close(): void {
    this.file?.end();
  }
}

import { startLocalCloud } from '../client.ts';
import { byDay } from './by-day.ts';
import { DemoFailed, Stage } from './stage.ts';
import { takenAtNight } from './taken-at-night.ts';
import { unanswered } from './unanswered.ts';

/**
 * `npm run demo`: an emergency at night, one that nobody answers, and one by day, played on a local cloud in
 * memory with its clock moved. Ends with 0 when every step happened, with 1 at the first that did not.
 */
const cloud = await startLocalCloud();
const stage = new Stage(cloud);
try {
  await takenAtNight(stage);
  await unanswered(stage);
  await byDay(stage);
  stage.end();
} catch (error) {
  if (!(error instanceof DemoFailed)) throw error;
  console.log(`\n  NOT SO: ${error.message}`);
  process.exitCode = 1;
} finally {
  await cloud.close();
}

import { constants, watch } from 'node:fs';
import { chmod, copyFile, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock, Logger, Runnable, Stage } from '../framework/index.ts';
import {
  activeFile,
  type ConfigurationList,
  hasPlugin,
  parseConfiguration,
  PLUGIN,
  type PluginSettings,
  withoutPlugin,
  withPlugin,
} from './conflist.ts';

/** Where the plugin goes, and what it is given. */
export interface PluginInstallerOptions {
  /** The plugin's program in our image. */
  readonly program: string;
  /** The host's folder of CNI plugins, usually /opt/cni/bin. */
  readonly binDirectory: string;
  /** The host's folder of CNI configurations, usually /etc/cni/net.d. */
  readonly configDirectory: string;
  readonly settings: PluginSettings;
  /** Whether this agent is not coming back to the node: then the plugin goes with it. */
  readonly isUninstalled: () => Promise<boolean>;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Looks again after so long, in milliseconds: what watches files misses things. */
const AGAIN_MS = 10_000;

/** Keeps the plugin in the node's CNI configuration, whoever writes that anew. */
export class PluginInstaller implements Runnable {
  readonly name = 'plugin-installer';
  readonly stage: Stage = 'worker';
  readonly #options: PluginInstallerOptions;
  #isInstalled = false;

  constructor(options: PluginInstallerOptions) {
    this.#options = options;
  }

  /** Whether new pods of this node meet the plugin. */
  get isInstalled(): boolean {
    return this.#isInstalled;
  }

  async run(signal: AbortSignal): Promise<void> {
    const { binDirectory, clock, configDirectory, isUninstalled, program } = this.#options;
    await mkdir(configDirectory, { recursive: true });
    await replaceFile(join(binDirectory, PLUGIN), (path) => copyFile(program, path, constants.COPYFILE_EXCL), 0o755);
    let wake = Promise.withResolvers<void>();
    const watcher = watch(configDirectory, () => wake.resolve());
    watcher.on('error', () => wake.resolve());
    signal.addEventListener('abort', () => wake.resolve(), { once: true });
    try {
      while (!signal.aborted) {
        wake = Promise.withResolvers<void>();
        await this.#install();
        const cancel = clock.setTimeout(wake.resolve, AGAIN_MS);
        await wake.promise;
        cancel();
      }
    } finally {
      watcher.close();
    }
    if (await isUninstalled()) await this.#remove();
  }

  async #install(): Promise<void> {
    const { configDirectory, log, settings } = this.#options;
    try {
      const found = await this.#active();
      if (found === undefined) {
        this.#isInstalled = false;
        return log.warn('there is no CNI configuration yet', { directory: configDirectory });
      }
      if (!hasPlugin(found.list, settings)) {
        await this.#write(found.path, withPlugin(found.list, settings));
        log.info('the plugin was chained', { file: found.path });
      }
      this.#isInstalled = true;
    } catch (error) {
      this.#isInstalled = false;
      log.error('the plugin cannot be chained', { error });
    }
  }

  async #remove(): Promise<void> {
    const { binDirectory, log, settings } = this.#options;
    const found = await this.#active();
    if (found?.list.plugins.some(({ type }) => type === PLUGIN))
      await this.#write(found.path, withoutPlugin(found.list));
    await rm(join(binDirectory, PLUGIN), { force: true });
    await rm(settings.socket, { force: true });
    log.info('the plugin was taken away');
  }

  async #active(): Promise<{ readonly path: string; readonly list: ConfigurationList } | undefined> {
    const { configDirectory } = this.#options;
    const name = activeFile(await readdir(configDirectory));
    if (name === undefined) return undefined;
    const path = join(configDirectory, name);
    const text = await readFile(path, 'utf8');
    try {
      return { path, list: parseConfiguration(text) };
    } catch (cause) {
      throw new Error(`${path}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    }
  }

  async #write(path: string, list: ConfigurationList): Promise<void> {
    const { mode } = await stat(path);
    await replaceFile(path, (scratch) => writeFile(scratch, `${JSON.stringify(list, null, 2)}\n`), mode & 0o777);
  }
}

/** Container runtimes read these at any time, so a file is whole or not there; the name of a scratch file has no extension they know. */
async function replaceFile(path: string, write: (scratch: string) => Promise<void>, mode: number): Promise<void> {
  const scratch = `${path}.dot-kube-new`;
  await rm(scratch, { force: true });
  await write(scratch);
  await chmod(scratch, mode);
  await rename(scratch, path);
}

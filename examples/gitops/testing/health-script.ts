import { LuaFactory, LuaLibraries } from 'wasmoon';
import { luaLiteral } from './lua-literal.ts';

/** What a health script of Argo CD says of an object. */
export interface Health {
  readonly status: 'Healthy' | 'Progressing' | 'Degraded' | 'Suspended' | 'Missing' | 'Unknown';
  readonly message?: string;
}

/**
 * Runs a health script as Argo CD does: the object is the global `obj`, the script returns a table, and of Lua's libraries there are
 * the basic functions and `table`, as for scripts that are configured in `argocd-cm`.
 */
export async function runHealthScript(script: string, object: unknown): Promise<Health> {
  const lua = await new LuaFactory().createEngine({
    openStandardLibs: false,
    injectObjects: false,
    enableProxy: false,
  });
  try {
    for (const library of [LuaLibraries.Base, LuaLibraries.Table]) lua.global.loadLibrary(library);
    await lua.doString(`obj = ${luaLiteral(object)}`);
    const { status, message } = (await lua.doString(script)) as Health;
    return { status, ...(message === undefined ? {} : { message }) };
  } finally {
    lua.global.close();
  }
}

// Logging in and out. A form of another page could not send JSON, so the server takes nothing else.
export function postJson(path: string, body: unknown): Promise<Response> {
  return fetch(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
}

// The token of a link, HOST/#token=TOKEN. The address forgets it at once.
export function tokenOfLink(): string | undefined {
  const given = /^#token=(.+)$/.exec(location.hash)?.[1];
  if (given === undefined) return undefined;
  history.replaceState(null, "", location.pathname);
  return decodeURIComponent(given);
}

// The page begins anew, with the new role.
export async function logIn(token: string): Promise<void> {
  await postJson("/login", { token }).catch(() => undefined);
  location.reload();
}

export async function logOut(): Promise<void> {
  await postJson("/logout", {});
  location.reload(); // to the page that asks for a token
}

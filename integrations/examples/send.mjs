// Sends one comment with JavaScript's fetch, then asks how it stands. Needs Node 18 or later.
// MODERATOR, SITE and KEY name where, whose, and by what right.
const { MODERATOR, SITE, KEY } = process.env;

async function call(path, body) {
  const answer = await fetch(MODERATOR + path, {
    method: body ? "POST" : "GET",
    headers: { Authorization: `Bearer ${KEY}`, "Content-Type": "application/json" },
    body: body && JSON.stringify(body),
    signal: AbortSignal.timeout(10_000),
  });
  if (!answer.ok) throw new Error(`${answer.status}: ${await answer.text()}`);
  return answer.json();
}

const receipt = await call("/v1/submissions", {
  type: "comment.created",
  timestamp: new Date().toISOString(),
  data: {
    site: { id: SITE },
    comment: { id: "javascript-1", type: "comment", content: { raw: "Well said!", format: "text" } },
    author: { name: "Alice", email: "alice@example.org", ip: "192.0.2.10" },
    post: { url: "https://blog.example.org/2026/03/the-river" },
  },
});
console.log(JSON.stringify(await call(`/v1/submissions/${receipt.id}`)));

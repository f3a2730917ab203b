// Checks a proof of the ledger in the browser, with the browser's own cryptography and nothing from the server.
// The same steps as static/ledger/verify.py, which says more about each.
(() => {
  "use strict";
  const form = document.getElementById("check-proof");
  if (!form) return;
  const keptForm = document.getElementById("check-kept");
  const answer = document.getElementById("proof-answer");
  const words = answer.dataset;
  const text = form.elements.proof;
  const bytes = new TextEncoder();

  if (!window.crypto || !crypto.subtle) {
    document.getElementById("proof-unable").hidden = false;
    return;
  }
  for (const each of [form, keptForm]) if (each) each.hidden = false;

  const join = (...parts) => new Uint8Array(parts.flatMap((part) => [...part]));
  const sha256 = async (data) => new Uint8Array(await crypto.subtle.digest("SHA-256", data));
  const leafHash = (data) => sha256(join([0], data));
  const nodeHash = (left, right) => sha256(join([1], left, right));
  const fromHex = (hex) => {
    if (!/^([0-9a-f]{2})*$/.test(hex)) throw new Error(words.malformed);
    return Uint8Array.from(hex.match(/../g) || [], (pair) => parseInt(pair, 16));
  };
  const fromBase64 = (code) => Uint8Array.from(atob(code), (sign) => sign.charCodeAt(0));
  const same = (one, other) => one.length === other.length && one.every((byte, place) => byte === other[place]);
  const check = (holds, fault) => {
    if (!holds) throw new Error(fault);
  };

  async function rootFromLeaf(leaf, index, size, path) {
    check(Number.isSafeInteger(index) && index >= 0 && index < size, words.malformed);
    let [node, last, root] = [BigInt(index), BigInt(size) - 1n, leaf];
    for (const step of path) {
      check(last > 0n, words.malformed);
      if (node & 1n || node === last) {
        root = await nodeHash(fromHex(step), root);
        while (node && !(node & 1n)) [node, last] = [node >> 1n, last >> 1n];
      } else {
        root = await nodeHash(root, fromHex(step));
      }
      [node, last] = [node >> 1n, last >> 1n];
    }
    check(last === 0n, words.malformed);
    return root;
  }

  async function continues(first, second, path) {
    if (first.size === second.size) return path.length === 0 && same(first.root, second.root);
    check(Number.isSafeInteger(first.size) && first.size > 0 && first.size < second.size, words.malformed);
    const isWhole = Number.isInteger(Math.log2(first.size));
    const steps = isWhole ? [first.root, ...path.map(fromHex)] : path.map(fromHex);
    if (steps.length === 0) return false;
    let [node, last] = [BigInt(first.size) - 1n, BigInt(second.size) - 1n];
    while (node & 1n) [node, last] = [node >> 1n, last >> 1n];
    let [older, newer] = [steps[0], steps[0]];
    for (const step of steps.slice(1)) {
      if (last === 0n) return false;
      if (node & 1n || node === last) {
        [older, newer] = [await nodeHash(step, older), await nodeHash(step, newer)];
        while (node && !(node & 1n)) [node, last] = [node >> 1n, last >> 1n];
      } else {
        newer = await nodeHash(newer, step);
      }
      [node, last] = [node >> 1n, last >> 1n];
    }
    return last === 0n && same(older, first.root) && same(newer, second.root);
  }

  async function readCheckpoint(note, vkey) {
    const [name, keyHash] = vkey.split("+", 2);
    const key = fromBase64(vkey.slice(name.length + keyHash.length + 2));
    const cut = note.indexOf("\n\n");
    const body = note.slice(0, cut);
    const line = note.slice(cut + 2).split("\n").find((one) => one.startsWith(`\u2014 ${name} `));
    check(cut > 0 && line, words.otherKey);
    const signature = fromBase64(line.split(" ").pop());
    const expected = (await sha256(join(bytes.encode(`${name}\n`), key))).slice(0, 4);
    check(same(signature.slice(0, 4), expected) && same(fromHex(keyHash), expected) && key[0] === 1, words.otherKey);
    const [origin, size, root] = body.split("\n");
    check(origin === name, words.otherKey);
    let isSigned;
    try {
      const known = await crypto.subtle.importKey("raw", key.slice(1), { name: "Ed25519" }, false, ["verify"]);
      isSigned = await crypto.subtle.verify("Ed25519", known, signature.slice(4), bytes.encode(`${body}\n`));
    } catch {
      isSigned = null; // this browser knows no Ed25519; the hashes below still say something
    }
    check(isSigned !== false, words.unsigned);
    return { size: Number(size), root: fromBase64(root), isSigned };
  }

  async function checkPosting(proof) {
    check(proof.format === "roms-proof-1", words.malformed);
    check(proof.key === form.dataset.key, words.otherKey);
    const { entry, log } = proof;
    const commitment = await leafHash(join(fromHex(proof.posting.salt), bytes.encode(proof.posting.text)));
    const entryRoot = await rootFromLeaf(commitment, entry.index, entry.postings, entry.path);
    const leaf = await leafHash(join(bytes.encode(entry.header), entryRoot));
    const root = await rootFromLeaf(leaf, log.position, log.size, log.path);
    const signed = await readCheckpoint(proof.checkpoint, proof.key);
    check(signed.size === log.size && same(signed.root, root), words.notUnder);
    const [, number, address, currency, , debit, credit] = proof.posting.text.split("\n");
    const said = `#${number} ${address} ${currency} −${debit} +${credit}`;
    return { isSigned: signed.isSigned, lines: [said, words.under.replace("{size}", log.size)] };
  }

  async function checkConsistency(proof, kept) {
    check(proof.format === "roms-consistency-1" && Array.isArray(proof.path), words.malformed);
    check(proof.key === form.dataset.key, words.otherKey);
    const first = await readCheckpoint(proof.first, proof.key);
    const second = await readCheckpoint(proof.second, proof.key);
    if (kept) {
      const own = await readCheckpoint(kept, proof.key);
      check(own.size === first.size && same(own.root, first.root), words.notKept);
    }
    check(await continues(first, second, proof.path), words.notContinued);
    const said = words.continued.replace("{first}", first.size).replace("{second}", second.size);
    return { isSigned: first.isSigned && second.isSigned, lines: [said] };
  }

  const checkProof = (proof) => (proof.format === "roms-consistency-1" ? checkConsistency(proof) : checkPosting(proof));

  async function fetchProof(address) {
    const reply = await fetch(address);
    check(reply.ok, words.unknown);
    return reply.json();
  }

  async function tell(act) {
    try {
      const found = await act();
      if (found.isSigned === null) show("wait", words.holds, [...found.lines, words.noSignature]);
      else show("good", words.holds, found.lines);
    } catch (fault) {
      const isMalformed = fault instanceof SyntaxError || fault instanceof TypeError || fault instanceof DOMException;
      show("bad", words.fails, [isMalformed ? words.malformed : fault.message]);
    }
  }

  function show(tone, title, lines) {
    answer.className = `notice ${tone}`;
    answer.replaceChildren();
    const head = document.createElement("p");
    const strong = document.createElement("strong");
    strong.textContent = title;
    head.append(strong);
    answer.append(head);
    for (const line of lines) {
      const row = document.createElement("p");
      row.textContent = line;
      answer.append(row);
    }
    answer.hidden = false;
    answer.focus();
  }

  form.elements.file.addEventListener("change", async () => {
    const [file] = form.elements.file.files;
    if (file) text.value = await file.text();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    tell(() => checkProof(JSON.parse(text.value)));
  });
  if (!keptForm) return;
  keptForm.addEventListener("submit", (event) => {
    event.preventDefault();
    tell(async () => {
      const kept = `${keptForm.elements.kept.value.replaceAll("\r", "").trim()}\n`;
      const size = kept.split("\n")[1];
      check(/^\d+$/.test(size), words.malformed);
      const address = keptForm.dataset.address.replace("/0/", `/${size}/`);
      return checkConsistency(await fetchProof(address), kept);
    });
  });
  for (const link of document.querySelectorAll("a[data-consistency]")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      tell(async () => checkConsistency(await fetchProof(link.href)));
    });
  }
})();

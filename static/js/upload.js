// Sending reports: drop files on the form, several at once. Each goes in parts; after a break, or another visit, the
// same file goes on where it stopped. Without this script the form sends the files by itself.
(() => {
  const form = document.querySelector("form[data-uploads]");
  if (!form || !window.fetch) return;
  const input = form.querySelector("input[type=file]");
  const list = document.getElementById("uploads");
  const say = form.dataset;
  const csrf = form.querySelector("[name=csrfmiddlewaretoken]").value;
  const codes = new Map(say.stores.trim().split(" ").map((pair) => pair.split(":")));
  const wait = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000));

  async function ask(method, address, body, type) {
    const headers = { "X-CSRFToken": csrf, Accept: "application/json" };
    if (type) headers["Content-Type"] = type;
    const answer = await fetch(address, { method, headers, body, credentials: "same-origin" });
    const told = await answer.json();
    if (answer.ok || (answer.status === 409 && "offset" in told)) return told;
    const error = new Error([told.detail, ...(told.fields || []).map((field) => field.detail)].join(" "));
    error.isFinal = answer.status < 500 && answer.status !== 429;
    throw error;
  }

  async function patiently(row, act) {
    for (let pause = 1; ; pause = Math.min(pause * 2, 30)) {
      try {
        return await act();
      } catch (error) {
        if (error.isFinal) throw error;
        row.say(say.broken);
        await wait(pause);
      }
    }
  }

  function show(file) {
    const line = document.createElement("li");
    const name = document.createElement("strong");
    const state = document.createElement("span");
    const bar = document.createElement("progress");
    name.textContent = file.name;
    state.className = "muted";
    state.setAttribute("role", "status");
    bar.max = 100;
    bar.setAttribute("aria-label", file.name);
    line.append(name, " ", state, bar);
    list.append(line);
    list.hidden = false;
    return {
      say(text, percent) {
        state.textContent = percent === undefined ? text : `${text} ${percent} %`;
        if (percent !== undefined) bar.value = percent;
      },
      end(text, address) {
        bar.remove();
        state.textContent = text;
        if (!address) return;
        const link = document.createElement("a");
        link.href = address;
        link.textContent = say.look;
        line.append(" ", link);
      },
    };
  }

  async function send(file, row) {
    const code = codes.get(form.querySelector("[name=licensee]").value);
    const key = `${file.name}/${file.size}/${file.lastModified}`;
    const about = JSON.stringify({ store: code, name: file.name, size: file.size, key });
    let upload = await patiently(row, () => ask("POST", say.uploads, about, "application/json"));
    const address = `${say.uploads}${upload.id}/`;
    const most = upload.part_bytes;
    while (upload.offset < file.size) {
      row.say(say.sending, Math.floor((100 * upload.offset) / file.size));
      const at = upload.offset;
      const part = file.slice(at, at + most);
      upload = await patiently(row, () => ask("PATCH", `${address}?offset=${at}`, part, "application/octet-stream"));
    }
    row.say(say.sending, 100);
    upload = await patiently(row, () => ask("POST", `${address}complete/`));
    while (!upload.report && !upload.reason) {
      await wait(1);
      upload = await patiently(row, () => ask("GET", address));
    }
    if (upload.reason) return row.end(`${upload.reason.detail} ${upload.reason.remedy}`);
    return follow(upload, row);
  }

  async function follow(upload, row) {
    const page = say.page.replace("RPT", upload.report);
    if (upload.is_duplicate) return row.end(say.again, page);
    for (;;) {
      const report = await patiently(row, () => ask("GET", `${say.reports}${upload.report}/`));
      if (!["received", "parsed", "matched"].includes(report.status) || report.files_missing?.length) {
        return row.end(say[`status_${report.status}`] || report.status, page);
      }
      row.say(say[`stage_${report.stage}`] || say.stage_reading, report.progress_percent);
      await wait(1);
    }
  }

  let last = Promise.resolve();
  function take(files) {
    for (const file of files) {
      const row = show(file);
      row.say(say.waiting);
      last = last.then(() => send(file, row)).catch((error) => row.end(error.message || say.broken));
    }
  }

  form.addEventListener("submit", (event) => {
    if (!input.files.length) return;
    event.preventDefault();
    take(input.files);
    input.value = "";
  });
  form.addEventListener("dragover", (event) => {
    event.preventDefault();
    form.classList.add("dropping");
  });
  form.addEventListener("dragleave", () => form.classList.remove("dropping"));
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    form.classList.remove("dropping");
    take(event.dataTransfer.files);
  });
})();

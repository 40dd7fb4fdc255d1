// What a page of another site can make a browser send, without being allowed to: no request here asks for leave first.
async (attack) => {
  const json = JSON.stringify(attack.body);
  const sent = [];
  const settle = (promise) => promise.then((r) => String(r.status ?? 'sent'), (e) => 'blocked: ' + e.message);
  const asForm = (url, kind) => new Promise((resolve) => {
    const frame = document.createElement('iframe');
    frame.name = 'f' + Math.random();
    const form = document.createElement('form');
    form.method = 'post';
    form.action = url;
    form.enctype = kind;
    form.target = frame.name;
    for (const [name, value] of Object.entries(attack.fields)) {
      const input = document.createElement('input');
      input.name = name;
      input.value = value;
      form.append(input);
    }
    document.body.append(frame, form);
    frame.onload = () => resolve('loaded');
    setTimeout(() => resolve('no answer'), 3000);
    form.submit();
  });
  for (const url of attack.posts) {
    const fields = new FormData();
    for (const [name, value] of Object.entries(attack.fields)) fields.append(name, value);
    fields.append('image', new Blob([Uint8Array.from(atob(attack.image), (c) => c.charCodeAt(0))], {type: 'image/png'}), 'a.png');
    const bodies = {
      untyped: new Blob([json]),
      text: new Blob([json], {type: 'text/plain'}),
      form: new URLSearchParams(attack.fields),
      multipart: fields,
      nothing: undefined,
    };
    for (const [kind, body] of Object.entries(bodies)) {
      sent.push(url + ' ' + kind + ' ' + await settle(fetch(url, {method: 'POST', mode: 'no-cors', credentials: 'include', body})));
    }
    sent.push(url + ' typed ' + await settle(fetch(url, {method: 'POST', headers: {'Content-Type': 'application/json'}, body: json})));
    sent.push(url + ' beacon ' + navigator.sendBeacon(url, new Blob([json])));
    for (const kind of ['application/x-www-form-urlencoded', 'multipart/form-data', 'text/plain']) {
      sent.push(url + ' ' + kind + ' ' + await asForm(url, kind));
    }
  }
  for (const url of attack.deletes) {
    sent.push(url + ' ' + await settle(fetch(url, {method: 'DELETE'})));
  }
  await Promise.all(attack.gets.map((url) => new Promise((resolve) => {
    const image = new Image();
    image.onload = image.onerror = resolve;
    setTimeout(resolve, 3000);
    image.src = url;
  })));
  const read = [];
  for (const url of attack.gets) {
    try {
      const answer = await fetch(url);
      if (answer.ok) read.push(url);
    } catch (e) {
      // Not to be read from here.
    }
  }
  return {sent, read};
}

/* 告知承诺 on the phone: papers the worker promises to bring, by a day; kept with the draft, sent with it. */

const FieldPromise = (() => {
  const parts = (form) => ({ papers: [...form.querySelectorAll('[name="promise_papers"]')], due: form.elements.promise_due_on, signed: form.elements.promise_signed });

  function said(form) {
    const { papers, due, signed } = parts(form), chosen = papers.filter((one) => one.checked).map((one) => one.value);
    return chosen.length ? { papers: chosen, due_on: due.value, signed: signed.checked } : null;
  }

  /* `day(n)`: the day so many days back, as the page counts them. */
  function fill(form, promise, day) {
    const { papers, due, signed } = parts(form);
    for (const one of papers) one.checked = Boolean(promise) && promise.papers.includes(one.value);
    due.min = day(-1);
    due.max = day(-Number(due.dataset.most));
    due.value = promise ? promise.due_on : day(-Number(due.dataset.ahead));
    signed.checked = Boolean(promise && promise.signed);
    form.querySelector("#promise").open = Boolean(promise);
  }

  return { said, fill };
})();

/* An amount typed in digits is said back in capitals (人民币大写), so that a zero too many is heard. What the server reads is
   what was typed; this only speaks. As arrears/money.py and numerals.py write it, which a test compares. */

const FieldAmount = (() => {
  const DIGITS = "零壹贰叁肆伍陆柒捌玖", PLACES = ["仟", "佰", "拾", ""], SECTIONS = ["", "万", "亿"], UNITS = { "": 0, "万": 4, "亿": 8 };

  function section(number) {
    const said = [...String(number).padStart(4, "0")].map((digit, at) => (digit === "0" ? "零" : DIGITS[digit] + PLACES[at])).join("");
    return said.replace(/零+/g, "零").replace(/^零|零$/g, "");
  }

  function whole(yuan) {
    let said = "", skipped = false;
    for (let power = 2; power >= 0; power -= 1) {
      const part = Number((yuan / 10000n ** BigInt(power)) % 10000n);
      if (part) said += (said && (skipped || part < 1000) ? "零" : "") + section(part) + SECTIONS[power];
      skipped = !part;
    }
    return said || "零";
  }

  /* "" for what is not a number of whole cents. */
  function capitals(typed) {
    const text = typed.normalize("NFKC").replace(/\s/g, "").replace(/^(?:人民币|RMB|CNY)?¥?/i, "").replace(/(?:元整|圆整|元正|圆正|元|圆|块钱?)$/, "");
    const found = /^(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d+))?([万亿]?)$/.exec(text);
    if (!found) return "";
    const moved = UNITS[found[3]] + 2, part = (found[2] || "").replace(/0+$/, "");
    if (part.length > moved) return "";
    const cents = BigInt(found[1].replaceAll(",", "") + part.padEnd(moved, "0"));
    if (cents > 99999999999999n) return "";
    const yuan = cents / 100n, rest = Number(cents % 100n), ten = Math.floor(rest / 10), one = rest % 10;
    if (!rest) return `${whole(yuan)}元整`;
    const small = (ten ? `${DIGITS[ten]}角` : "") + (one ? `${DIGITS[one]}分` : "");
    return yuan ? `${whole(yuan)}元${yuan % 10n === 0n || rest < 10 ? "零" : ""}${small}` : small;
  }

  /* [data-says-amount] under the field says it; `words` before it. */
  function ready(form) {
    const place = form.querySelector("[data-says-amount]"), input = document.getElementById(place.dataset.saysAmount);
    const say = () => { const said = capitals(input.value); place.textContent = said ? `${place.dataset.words}${said}` : ""; };
    input.addEventListener("input", say);
    return say;
  }

  return { capitals, ready };
})();

// The new-interview form: names the pack of the age typed, and offers the interpreter where one may be needed.

const byName = (name) => document.getElementsByName(name);
const [age] = byName("child_age");
const [own] = byName("interviewer_language");
const [childs] = byName("child_language");
const needs = [...byName("needs")];
const interpreter = needs.find((box) => box.value === "interpreter");
const line = document.getElementById("age-pack");
const everyAge = line.textContent;
const ages = JSON.parse(line.dataset.ages);

function nameAge() {
  const years = age.value.trim() === "" ? NaN : Number(age.value);
  const found = ages.find(([from, to]) => from <= years && years <= to);
  line.textContent = found ? `${line.dataset.says} ${found[2]}` : everyAge;
}

function offerInterpreter() {
  const wanted = own.value !== childs.value || needs.some((box) => box.checked);
  interpreter.closest("label").hidden = !wanted;
}

age.addEventListener("input", nameAge);
for (const one of [own, childs, ...needs]) one.addEventListener("change", offerInterpreter);
nameAge();
offerInterpreter();

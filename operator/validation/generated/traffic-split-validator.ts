// @ts-nocheck
// Generated from crds/ by operator/api/generate/main.ts. Do not edit.
export const validate = validate10;

const schema11 = {"type":"object","required":["spec"],"properties":{"spec":{"type":"object","required":["service","backends"],"properties":{"service":{"type":"string","minLength":1,"maxLength":63,"pattern":"^[a-z]([-a-z0-9]*[a-z0-9])?$"},"port":{"minimum":1,"maximum":65535,"minLength":1,"maxLength":63,"pattern":"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$","type":["integer","string"]},"backends":{"type":"array","minItems":1,"maxItems":32,"items":{"type":"object","required":["name"],"properties":{"name":{"type":"string","minLength":1,"maxLength":63,"pattern":"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"},"service":{"type":"string","minLength":1,"maxLength":63,"pattern":"^[a-z]([-a-z0-9]*[a-z0-9])?$"},"labels":{"type":"object","minProperties":1,"maxProperties":16,"additionalProperties":{"type":"string","maxLength":63,"pattern":"^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$"}},"weight":{"type":"integer","minimum":0,"maximum":1000000}}}},"match":{"type":"array","minItems":1,"maxItems":16,"items":{"type":"object","minProperties":1,"properties":{"method":{"type":"string","minLength":1,"maxLength":32,"pattern":"^[A-Z][A-Z0-9_-]*$"},"path":{"type":"object","required":["type","value"],"properties":{"type":{"type":"string","maxLength":16,"enum":["Exact","Prefix","Template"]},"value":{"type":"string","minLength":1,"maxLength":1024,"pattern":"^/([A-Za-z0-9._~!$&'()*+,;=:@%|{}/-]*)$"}}},"headers":{"type":"array","minItems":1,"maxItems":16,"items":{"type":"object","required":["name"],"properties":{"name":{"type":"string","minLength":1,"maxLength":256,"pattern":"^[A-Za-z0-9!#$%&'*+.^_|~-]+$"},"type":{"type":"string","maxLength":16,"enum":["Exact","Prefix","Suffix","Contains","Present","Absent"]},"value":{"type":"string","minLength":1,"maxLength":1024,"pattern":"^[ -~]+$"}}}}}}},"mirror":{"type":"object","properties":{"service":{"type":"string","minLength":1,"maxLength":63,"pattern":"^[a-z]([-a-z0-9]*[a-z0-9])?$"},"labels":{"type":"object","minProperties":1,"maxProperties":16,"additionalProperties":{"type":"string","maxLength":63,"pattern":"^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$"}},"percent":{"type":"number","minimum":0,"maximum":100}}},"sticky":{"type":"object","properties":{"cookie":{"type":"object","required":["name"],"properties":{"name":{"type":"string","minLength":1,"maxLength":128,"pattern":"^[A-Za-z0-9!#$%&'*+.^_|~-]+$"},"path":{"type":"string","minLength":1,"maxLength":256,"pattern":"^/[A-Za-z0-9._~!$&'()*+,=:@%/-]*$"},"ttl":{"type":"string","maxLength":28,"pattern":"^([0-9]{1,5}(h|m|s|ms)){1,4}$"}}},"header":{"type":"object","required":["name"],"properties":{"name":{"type":"string","minLength":1,"maxLength":256,"pattern":"^[A-Za-z0-9!#$%&'*+.^_|~-]+$"}}}}}}}}};
const func2 = (text) => [...text].length;
const pattern0 = new RegExp("^[a-z]([-a-z0-9]*[a-z0-9])?$", "u");
const pattern1 = new RegExp("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$", "u");
const pattern4 = new RegExp("^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$", "u");
const pattern5 = new RegExp("^[A-Z][A-Z0-9_-]*$", "u");
const pattern6 = new RegExp("^/([A-Za-z0-9._~!$&'()*+,;=:@%|{}/-]*)$", "u");
const pattern7 = new RegExp("^[A-Za-z0-9!#$%&'*+.^_|~-]+$", "u");
const pattern8 = new RegExp("^[ -~]+$", "u");
const pattern12 = new RegExp("^/[A-Za-z0-9._~!$&'()*+,=:@%/-]*$", "u");
const pattern13 = new RegExp("^([0-9]{1,5}(h|m|s|ms)){1,4}$", "u");

function validate10(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.spec === undefined){
const err0 = {instancePath,keyword:"required",params:{missingProperty: "spec"}};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
if(data.spec !== undefined){
let data0 = data.spec;
if(data0 && typeof data0 == "object" && !Array.isArray(data0)){
if(data0.service === undefined){
const err1 = {instancePath:instancePath+"/spec",keyword:"required",params:{missingProperty: "service"}};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
if(data0.backends === undefined){
const err2 = {instancePath:instancePath+"/spec",keyword:"required",params:{missingProperty: "backends"}};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
if(data0.service !== undefined){
let data1 = data0.service;
if(typeof data1 === "string"){
if(func2(data1) > 63){
const err3 = {instancePath:instancePath+"/spec/service",keyword:"maxLength",params:{limit: 63}};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
if(func2(data1) < 1){
const err4 = {instancePath:instancePath+"/spec/service",keyword:"minLength",params:{limit: 1}};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
if(!pattern0.test(data1)){
const err5 = {instancePath:instancePath+"/spec/service",keyword:"pattern",params:{pattern: "^[a-z]([-a-z0-9]*[a-z0-9])?$"}};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
else {
const err6 = {instancePath:instancePath+"/spec/service",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
if(data0.port !== undefined){
let data2 = data0.port;
if((!((typeof data2 == "number") && (!(data2 % 1) && !isNaN(data2)))) && (typeof data2 !== "string")){
const err7 = {instancePath:instancePath+"/spec/port",keyword:"type",params:{type: schema11.properties.spec.properties.port.type}};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
if(typeof data2 == "number"){
if(data2 > 65535 || isNaN(data2)){
const err8 = {instancePath:instancePath+"/spec/port",keyword:"maximum",params:{comparison: "<=", limit: 65535}};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
if(data2 < 1 || isNaN(data2)){
const err9 = {instancePath:instancePath+"/spec/port",keyword:"minimum",params:{comparison: ">=", limit: 1}};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
}
if(typeof data2 === "string"){
if(func2(data2) > 63){
const err10 = {instancePath:instancePath+"/spec/port",keyword:"maxLength",params:{limit: 63}};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
if(func2(data2) < 1){
const err11 = {instancePath:instancePath+"/spec/port",keyword:"minLength",params:{limit: 1}};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
if(!pattern1.test(data2)){
const err12 = {instancePath:instancePath+"/spec/port",keyword:"pattern",params:{pattern: "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"}};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
}
}
if(data0.backends !== undefined){
let data3 = data0.backends;
if(Array.isArray(data3)){
if(data3.length > 32){
const err13 = {instancePath:instancePath+"/spec/backends",keyword:"maxItems",params:{limit: 32}};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
if(data3.length < 1){
const err14 = {instancePath:instancePath+"/spec/backends",keyword:"minItems",params:{limit: 1}};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
const len0 = data3.length;
for(let i0=0; i0<len0; i0++){
let data4 = data3[i0];
if(data4 && typeof data4 == "object" && !Array.isArray(data4)){
if(data4.name === undefined){
const err15 = {instancePath:instancePath+"/spec/backends/" + i0,keyword:"required",params:{missingProperty: "name"}};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
if(data4.name !== undefined){
let data5 = data4.name;
if(typeof data5 === "string"){
if(func2(data5) > 63){
const err16 = {instancePath:instancePath+"/spec/backends/" + i0+"/name",keyword:"maxLength",params:{limit: 63}};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
if(func2(data5) < 1){
const err17 = {instancePath:instancePath+"/spec/backends/" + i0+"/name",keyword:"minLength",params:{limit: 1}};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
if(!pattern1.test(data5)){
const err18 = {instancePath:instancePath+"/spec/backends/" + i0+"/name",keyword:"pattern",params:{pattern: "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"}};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
}
else {
const err19 = {instancePath:instancePath+"/spec/backends/" + i0+"/name",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
}
if(data4.service !== undefined){
let data6 = data4.service;
if(typeof data6 === "string"){
if(func2(data6) > 63){
const err20 = {instancePath:instancePath+"/spec/backends/" + i0+"/service",keyword:"maxLength",params:{limit: 63}};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
if(func2(data6) < 1){
const err21 = {instancePath:instancePath+"/spec/backends/" + i0+"/service",keyword:"minLength",params:{limit: 1}};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
if(!pattern0.test(data6)){
const err22 = {instancePath:instancePath+"/spec/backends/" + i0+"/service",keyword:"pattern",params:{pattern: "^[a-z]([-a-z0-9]*[a-z0-9])?$"}};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
}
else {
const err23 = {instancePath:instancePath+"/spec/backends/" + i0+"/service",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err23];
}
else {
vErrors.push(err23);
}
errors++;
}
}
if(data4.labels !== undefined){
let data7 = data4.labels;
if(data7 && typeof data7 == "object" && !Array.isArray(data7)){
if(Object.keys(data7).length > 16){
const err24 = {instancePath:instancePath+"/spec/backends/" + i0+"/labels",keyword:"maxProperties",params:{limit: 16}};
if(vErrors === null){
vErrors = [err24];
}
else {
vErrors.push(err24);
}
errors++;
}
if(Object.keys(data7).length < 1){
const err25 = {instancePath:instancePath+"/spec/backends/" + i0+"/labels",keyword:"minProperties",params:{limit: 1}};
if(vErrors === null){
vErrors = [err25];
}
else {
vErrors.push(err25);
}
errors++;
}
for(const key0 in data7){
let data8 = data7[key0];
if(typeof data8 === "string"){
if(func2(data8) > 63){
const err26 = {instancePath:instancePath+"/spec/backends/" + i0+"/labels/" + key0.replace(/~/g, "~0").replace(/\//g, "~1"),keyword:"maxLength",params:{limit: 63}};
if(vErrors === null){
vErrors = [err26];
}
else {
vErrors.push(err26);
}
errors++;
}
if(!pattern4.test(data8)){
const err27 = {instancePath:instancePath+"/spec/backends/" + i0+"/labels/" + key0.replace(/~/g, "~0").replace(/\//g, "~1"),keyword:"pattern",params:{pattern: "^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$"}};
if(vErrors === null){
vErrors = [err27];
}
else {
vErrors.push(err27);
}
errors++;
}
}
else {
const err28 = {instancePath:instancePath+"/spec/backends/" + i0+"/labels/" + key0.replace(/~/g, "~0").replace(/\//g, "~1"),keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err28];
}
else {
vErrors.push(err28);
}
errors++;
}
}
}
else {
const err29 = {instancePath:instancePath+"/spec/backends/" + i0+"/labels",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err29];
}
else {
vErrors.push(err29);
}
errors++;
}
}
if(data4.weight !== undefined){
let data9 = data4.weight;
if(!((typeof data9 == "number") && (!(data9 % 1) && !isNaN(data9)))){
const err30 = {instancePath:instancePath+"/spec/backends/" + i0+"/weight",keyword:"type",params:{type: "integer"}};
if(vErrors === null){
vErrors = [err30];
}
else {
vErrors.push(err30);
}
errors++;
}
if(typeof data9 == "number"){
if(data9 > 1000000 || isNaN(data9)){
const err31 = {instancePath:instancePath+"/spec/backends/" + i0+"/weight",keyword:"maximum",params:{comparison: "<=", limit: 1000000}};
if(vErrors === null){
vErrors = [err31];
}
else {
vErrors.push(err31);
}
errors++;
}
if(data9 < 0 || isNaN(data9)){
const err32 = {instancePath:instancePath+"/spec/backends/" + i0+"/weight",keyword:"minimum",params:{comparison: ">=", limit: 0}};
if(vErrors === null){
vErrors = [err32];
}
else {
vErrors.push(err32);
}
errors++;
}
}
}
}
else {
const err33 = {instancePath:instancePath+"/spec/backends/" + i0,keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err33];
}
else {
vErrors.push(err33);
}
errors++;
}
}
}
else {
const err34 = {instancePath:instancePath+"/spec/backends",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err34];
}
else {
vErrors.push(err34);
}
errors++;
}
}
if(data0.match !== undefined){
let data10 = data0.match;
if(Array.isArray(data10)){
if(data10.length > 16){
const err35 = {instancePath:instancePath+"/spec/match",keyword:"maxItems",params:{limit: 16}};
if(vErrors === null){
vErrors = [err35];
}
else {
vErrors.push(err35);
}
errors++;
}
if(data10.length < 1){
const err36 = {instancePath:instancePath+"/spec/match",keyword:"minItems",params:{limit: 1}};
if(vErrors === null){
vErrors = [err36];
}
else {
vErrors.push(err36);
}
errors++;
}
const len1 = data10.length;
for(let i1=0; i1<len1; i1++){
let data11 = data10[i1];
if(data11 && typeof data11 == "object" && !Array.isArray(data11)){
if(Object.keys(data11).length < 1){
const err37 = {instancePath:instancePath+"/spec/match/" + i1,keyword:"minProperties",params:{limit: 1}};
if(vErrors === null){
vErrors = [err37];
}
else {
vErrors.push(err37);
}
errors++;
}
if(data11.method !== undefined){
let data12 = data11.method;
if(typeof data12 === "string"){
if(func2(data12) > 32){
const err38 = {instancePath:instancePath+"/spec/match/" + i1+"/method",keyword:"maxLength",params:{limit: 32}};
if(vErrors === null){
vErrors = [err38];
}
else {
vErrors.push(err38);
}
errors++;
}
if(func2(data12) < 1){
const err39 = {instancePath:instancePath+"/spec/match/" + i1+"/method",keyword:"minLength",params:{limit: 1}};
if(vErrors === null){
vErrors = [err39];
}
else {
vErrors.push(err39);
}
errors++;
}
if(!pattern5.test(data12)){
const err40 = {instancePath:instancePath+"/spec/match/" + i1+"/method",keyword:"pattern",params:{pattern: "^[A-Z][A-Z0-9_-]*$"}};
if(vErrors === null){
vErrors = [err40];
}
else {
vErrors.push(err40);
}
errors++;
}
}
else {
const err41 = {instancePath:instancePath+"/spec/match/" + i1+"/method",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err41];
}
else {
vErrors.push(err41);
}
errors++;
}
}
if(data11.path !== undefined){
let data13 = data11.path;
if(data13 && typeof data13 == "object" && !Array.isArray(data13)){
if(data13.type === undefined){
const err42 = {instancePath:instancePath+"/spec/match/" + i1+"/path",keyword:"required",params:{missingProperty: "type"}};
if(vErrors === null){
vErrors = [err42];
}
else {
vErrors.push(err42);
}
errors++;
}
if(data13.value === undefined){
const err43 = {instancePath:instancePath+"/spec/match/" + i1+"/path",keyword:"required",params:{missingProperty: "value"}};
if(vErrors === null){
vErrors = [err43];
}
else {
vErrors.push(err43);
}
errors++;
}
if(data13.type !== undefined){
let data14 = data13.type;
if(!(((data14 === "Exact") || (data14 === "Prefix")) || (data14 === "Template"))){
const err44 = {instancePath:instancePath+"/spec/match/" + i1+"/path/type",keyword:"enum",params:{allowedValues: schema11.properties.spec.properties.match.items.properties.path.properties.type.enum}};
if(vErrors === null){
vErrors = [err44];
}
else {
vErrors.push(err44);
}
errors++;
}
if(typeof data14 === "string"){
if(func2(data14) > 16){
const err45 = {instancePath:instancePath+"/spec/match/" + i1+"/path/type",keyword:"maxLength",params:{limit: 16}};
if(vErrors === null){
vErrors = [err45];
}
else {
vErrors.push(err45);
}
errors++;
}
}
else {
const err46 = {instancePath:instancePath+"/spec/match/" + i1+"/path/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err46];
}
else {
vErrors.push(err46);
}
errors++;
}
}
if(data13.value !== undefined){
let data15 = data13.value;
if(typeof data15 === "string"){
if(func2(data15) > 1024){
const err47 = {instancePath:instancePath+"/spec/match/" + i1+"/path/value",keyword:"maxLength",params:{limit: 1024}};
if(vErrors === null){
vErrors = [err47];
}
else {
vErrors.push(err47);
}
errors++;
}
if(func2(data15) < 1){
const err48 = {instancePath:instancePath+"/spec/match/" + i1+"/path/value",keyword:"minLength",params:{limit: 1}};
if(vErrors === null){
vErrors = [err48];
}
else {
vErrors.push(err48);
}
errors++;
}
if(!pattern6.test(data15)){
const err49 = {instancePath:instancePath+"/spec/match/" + i1+"/path/value",keyword:"pattern",params:{pattern: "^/([A-Za-z0-9._~!$&'()*+,;=:@%|{}/-]*)$"}};
if(vErrors === null){
vErrors = [err49];
}
else {
vErrors.push(err49);
}
errors++;
}
}
else {
const err50 = {instancePath:instancePath+"/spec/match/" + i1+"/path/value",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err50];
}
else {
vErrors.push(err50);
}
errors++;
}
}
}
else {
const err51 = {instancePath:instancePath+"/spec/match/" + i1+"/path",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err51];
}
else {
vErrors.push(err51);
}
errors++;
}
}
if(data11.headers !== undefined){
let data16 = data11.headers;
if(Array.isArray(data16)){
if(data16.length > 16){
const err52 = {instancePath:instancePath+"/spec/match/" + i1+"/headers",keyword:"maxItems",params:{limit: 16}};
if(vErrors === null){
vErrors = [err52];
}
else {
vErrors.push(err52);
}
errors++;
}
if(data16.length < 1){
const err53 = {instancePath:instancePath+"/spec/match/" + i1+"/headers",keyword:"minItems",params:{limit: 1}};
if(vErrors === null){
vErrors = [err53];
}
else {
vErrors.push(err53);
}
errors++;
}
const len2 = data16.length;
for(let i2=0; i2<len2; i2++){
let data17 = data16[i2];
if(data17 && typeof data17 == "object" && !Array.isArray(data17)){
if(data17.name === undefined){
const err54 = {instancePath:instancePath+"/spec/match/" + i1+"/headers/" + i2,keyword:"required",params:{missingProperty: "name"}};
if(vErrors === null){
vErrors = [err54];
}
else {
vErrors.push(err54);
}
errors++;
}
if(data17.name !== undefined){
let data18 = data17.name;
if(typeof data18 === "string"){
if(func2(data18) > 256){
const err55 = {instancePath:instancePath+"/spec/match/" + i1+"/headers/" + i2+"/name",keyword:"maxLength",params:{limit: 256}};
if(vErrors === null){
vErrors = [err55];
}
else {
vErrors.push(err55);
}
errors++;
}
if(func2(data18) < 1){
const err56 = {instancePath:instancePath+"/spec/match/" + i1+"/headers/" + i2+"/name",keyword:"minLength",params:{limit: 1}};
if(vErrors === null){
vErrors = [err56];
}
else {
vErrors.push(err56);
}
errors++;
}
if(!pattern7.test(data18)){
const err57 = {instancePath:instancePath+"/spec/match/" + i1+"/headers/" + i2+"/name",keyword:"pattern",params:{pattern: "^[A-Za-z0-9!#$%&'*+.^_|~-]+$"}};
if(vErrors === null){
vErrors = [err57];
}
else {
vErrors.push(err57);
}
errors++;
}
}
else {
const err58 = {instancePath:instancePath+"/spec/match/" + i1+"/headers/" + i2+"/name",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err58];
}
else {
vErrors.push(err58);
}
errors++;
}
}
if(data17.type !== undefined){
let data19 = data17.type;
if(!((((((data19 === "Exact") || (data19 === "Prefix")) || (data19 === "Suffix")) || (data19 === "Contains")) || (data19 === "Present")) || (data19 === "Absent"))){
const err59 = {instancePath:instancePath+"/spec/match/" + i1+"/headers/" + i2+"/type",keyword:"enum",params:{allowedValues: schema11.properties.spec.properties.match.items.properties.headers.items.properties.type.enum}};
if(vErrors === null){
vErrors = [err59];
}
else {
vErrors.push(err59);
}
errors++;
}
if(typeof data19 === "string"){
if(func2(data19) > 16){
const err60 = {instancePath:instancePath+"/spec/match/" + i1+"/headers/" + i2+"/type",keyword:"maxLength",params:{limit: 16}};
if(vErrors === null){
vErrors = [err60];
}
else {
vErrors.push(err60);
}
errors++;
}
}
else {
const err61 = {instancePath:instancePath+"/spec/match/" + i1+"/headers/" + i2+"/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err61];
}
else {
vErrors.push(err61);
}
errors++;
}
}
if(data17.value !== undefined){
let data20 = data17.value;
if(typeof data20 === "string"){
if(func2(data20) > 1024){
const err62 = {instancePath:instancePath+"/spec/match/" + i1+"/headers/" + i2+"/value",keyword:"maxLength",params:{limit: 1024}};
if(vErrors === null){
vErrors = [err62];
}
else {
vErrors.push(err62);
}
errors++;
}
if(func2(data20) < 1){
const err63 = {instancePath:instancePath+"/spec/match/" + i1+"/headers/" + i2+"/value",keyword:"minLength",params:{limit: 1}};
if(vErrors === null){
vErrors = [err63];
}
else {
vErrors.push(err63);
}
errors++;
}
if(!pattern8.test(data20)){
const err64 = {instancePath:instancePath+"/spec/match/" + i1+"/headers/" + i2+"/value",keyword:"pattern",params:{pattern: "^[ -~]+$"}};
if(vErrors === null){
vErrors = [err64];
}
else {
vErrors.push(err64);
}
errors++;
}
}
else {
const err65 = {instancePath:instancePath+"/spec/match/" + i1+"/headers/" + i2+"/value",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err65];
}
else {
vErrors.push(err65);
}
errors++;
}
}
}
else {
const err66 = {instancePath:instancePath+"/spec/match/" + i1+"/headers/" + i2,keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err66];
}
else {
vErrors.push(err66);
}
errors++;
}
}
}
else {
const err67 = {instancePath:instancePath+"/spec/match/" + i1+"/headers",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err67];
}
else {
vErrors.push(err67);
}
errors++;
}
}
}
else {
const err68 = {instancePath:instancePath+"/spec/match/" + i1,keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err68];
}
else {
vErrors.push(err68);
}
errors++;
}
}
}
else {
const err69 = {instancePath:instancePath+"/spec/match",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err69];
}
else {
vErrors.push(err69);
}
errors++;
}
}
if(data0.mirror !== undefined){
let data21 = data0.mirror;
if(data21 && typeof data21 == "object" && !Array.isArray(data21)){
if(data21.service !== undefined){
let data22 = data21.service;
if(typeof data22 === "string"){
if(func2(data22) > 63){
const err70 = {instancePath:instancePath+"/spec/mirror/service",keyword:"maxLength",params:{limit: 63}};
if(vErrors === null){
vErrors = [err70];
}
else {
vErrors.push(err70);
}
errors++;
}
if(func2(data22) < 1){
const err71 = {instancePath:instancePath+"/spec/mirror/service",keyword:"minLength",params:{limit: 1}};
if(vErrors === null){
vErrors = [err71];
}
else {
vErrors.push(err71);
}
errors++;
}
if(!pattern0.test(data22)){
const err72 = {instancePath:instancePath+"/spec/mirror/service",keyword:"pattern",params:{pattern: "^[a-z]([-a-z0-9]*[a-z0-9])?$"}};
if(vErrors === null){
vErrors = [err72];
}
else {
vErrors.push(err72);
}
errors++;
}
}
else {
const err73 = {instancePath:instancePath+"/spec/mirror/service",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err73];
}
else {
vErrors.push(err73);
}
errors++;
}
}
if(data21.labels !== undefined){
let data23 = data21.labels;
if(data23 && typeof data23 == "object" && !Array.isArray(data23)){
if(Object.keys(data23).length > 16){
const err74 = {instancePath:instancePath+"/spec/mirror/labels",keyword:"maxProperties",params:{limit: 16}};
if(vErrors === null){
vErrors = [err74];
}
else {
vErrors.push(err74);
}
errors++;
}
if(Object.keys(data23).length < 1){
const err75 = {instancePath:instancePath+"/spec/mirror/labels",keyword:"minProperties",params:{limit: 1}};
if(vErrors === null){
vErrors = [err75];
}
else {
vErrors.push(err75);
}
errors++;
}
for(const key1 in data23){
let data24 = data23[key1];
if(typeof data24 === "string"){
if(func2(data24) > 63){
const err76 = {instancePath:instancePath+"/spec/mirror/labels/" + key1.replace(/~/g, "~0").replace(/\//g, "~1"),keyword:"maxLength",params:{limit: 63}};
if(vErrors === null){
vErrors = [err76];
}
else {
vErrors.push(err76);
}
errors++;
}
if(!pattern4.test(data24)){
const err77 = {instancePath:instancePath+"/spec/mirror/labels/" + key1.replace(/~/g, "~0").replace(/\//g, "~1"),keyword:"pattern",params:{pattern: "^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$"}};
if(vErrors === null){
vErrors = [err77];
}
else {
vErrors.push(err77);
}
errors++;
}
}
else {
const err78 = {instancePath:instancePath+"/spec/mirror/labels/" + key1.replace(/~/g, "~0").replace(/\//g, "~1"),keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err78];
}
else {
vErrors.push(err78);
}
errors++;
}
}
}
else {
const err79 = {instancePath:instancePath+"/spec/mirror/labels",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err79];
}
else {
vErrors.push(err79);
}
errors++;
}
}
if(data21.percent !== undefined){
let data25 = data21.percent;
if(typeof data25 == "number"){
if(data25 > 100 || isNaN(data25)){
const err80 = {instancePath:instancePath+"/spec/mirror/percent",keyword:"maximum",params:{comparison: "<=", limit: 100}};
if(vErrors === null){
vErrors = [err80];
}
else {
vErrors.push(err80);
}
errors++;
}
if(data25 < 0 || isNaN(data25)){
const err81 = {instancePath:instancePath+"/spec/mirror/percent",keyword:"minimum",params:{comparison: ">=", limit: 0}};
if(vErrors === null){
vErrors = [err81];
}
else {
vErrors.push(err81);
}
errors++;
}
}
else {
const err82 = {instancePath:instancePath+"/spec/mirror/percent",keyword:"type",params:{type: "number"}};
if(vErrors === null){
vErrors = [err82];
}
else {
vErrors.push(err82);
}
errors++;
}
}
}
else {
const err83 = {instancePath:instancePath+"/spec/mirror",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err83];
}
else {
vErrors.push(err83);
}
errors++;
}
}
if(data0.sticky !== undefined){
let data26 = data0.sticky;
if(data26 && typeof data26 == "object" && !Array.isArray(data26)){
if(data26.cookie !== undefined){
let data27 = data26.cookie;
if(data27 && typeof data27 == "object" && !Array.isArray(data27)){
if(data27.name === undefined){
const err84 = {instancePath:instancePath+"/spec/sticky/cookie",keyword:"required",params:{missingProperty: "name"}};
if(vErrors === null){
vErrors = [err84];
}
else {
vErrors.push(err84);
}
errors++;
}
if(data27.name !== undefined){
let data28 = data27.name;
if(typeof data28 === "string"){
if(func2(data28) > 128){
const err85 = {instancePath:instancePath+"/spec/sticky/cookie/name",keyword:"maxLength",params:{limit: 128}};
if(vErrors === null){
vErrors = [err85];
}
else {
vErrors.push(err85);
}
errors++;
}
if(func2(data28) < 1){
const err86 = {instancePath:instancePath+"/spec/sticky/cookie/name",keyword:"minLength",params:{limit: 1}};
if(vErrors === null){
vErrors = [err86];
}
else {
vErrors.push(err86);
}
errors++;
}
if(!pattern7.test(data28)){
const err87 = {instancePath:instancePath+"/spec/sticky/cookie/name",keyword:"pattern",params:{pattern: "^[A-Za-z0-9!#$%&'*+.^_|~-]+$"}};
if(vErrors === null){
vErrors = [err87];
}
else {
vErrors.push(err87);
}
errors++;
}
}
else {
const err88 = {instancePath:instancePath+"/spec/sticky/cookie/name",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err88];
}
else {
vErrors.push(err88);
}
errors++;
}
}
if(data27.path !== undefined){
let data29 = data27.path;
if(typeof data29 === "string"){
if(func2(data29) > 256){
const err89 = {instancePath:instancePath+"/spec/sticky/cookie/path",keyword:"maxLength",params:{limit: 256}};
if(vErrors === null){
vErrors = [err89];
}
else {
vErrors.push(err89);
}
errors++;
}
if(func2(data29) < 1){
const err90 = {instancePath:instancePath+"/spec/sticky/cookie/path",keyword:"minLength",params:{limit: 1}};
if(vErrors === null){
vErrors = [err90];
}
else {
vErrors.push(err90);
}
errors++;
}
if(!pattern12.test(data29)){
const err91 = {instancePath:instancePath+"/spec/sticky/cookie/path",keyword:"pattern",params:{pattern: "^/[A-Za-z0-9._~!$&'()*+,=:@%/-]*$"}};
if(vErrors === null){
vErrors = [err91];
}
else {
vErrors.push(err91);
}
errors++;
}
}
else {
const err92 = {instancePath:instancePath+"/spec/sticky/cookie/path",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err92];
}
else {
vErrors.push(err92);
}
errors++;
}
}
if(data27.ttl !== undefined){
let data30 = data27.ttl;
if(typeof data30 === "string"){
if(func2(data30) > 28){
const err93 = {instancePath:instancePath+"/spec/sticky/cookie/ttl",keyword:"maxLength",params:{limit: 28}};
if(vErrors === null){
vErrors = [err93];
}
else {
vErrors.push(err93);
}
errors++;
}
if(!pattern13.test(data30)){
const err94 = {instancePath:instancePath+"/spec/sticky/cookie/ttl",keyword:"pattern",params:{pattern: "^([0-9]{1,5}(h|m|s|ms)){1,4}$"}};
if(vErrors === null){
vErrors = [err94];
}
else {
vErrors.push(err94);
}
errors++;
}
}
else {
const err95 = {instancePath:instancePath+"/spec/sticky/cookie/ttl",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err95];
}
else {
vErrors.push(err95);
}
errors++;
}
}
}
else {
const err96 = {instancePath:instancePath+"/spec/sticky/cookie",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err96];
}
else {
vErrors.push(err96);
}
errors++;
}
}
if(data26.header !== undefined){
let data31 = data26.header;
if(data31 && typeof data31 == "object" && !Array.isArray(data31)){
if(data31.name === undefined){
const err97 = {instancePath:instancePath+"/spec/sticky/header",keyword:"required",params:{missingProperty: "name"}};
if(vErrors === null){
vErrors = [err97];
}
else {
vErrors.push(err97);
}
errors++;
}
if(data31.name !== undefined){
let data32 = data31.name;
if(typeof data32 === "string"){
if(func2(data32) > 256){
const err98 = {instancePath:instancePath+"/spec/sticky/header/name",keyword:"maxLength",params:{limit: 256}};
if(vErrors === null){
vErrors = [err98];
}
else {
vErrors.push(err98);
}
errors++;
}
if(func2(data32) < 1){
const err99 = {instancePath:instancePath+"/spec/sticky/header/name",keyword:"minLength",params:{limit: 1}};
if(vErrors === null){
vErrors = [err99];
}
else {
vErrors.push(err99);
}
errors++;
}
if(!pattern7.test(data32)){
const err100 = {instancePath:instancePath+"/spec/sticky/header/name",keyword:"pattern",params:{pattern: "^[A-Za-z0-9!#$%&'*+.^_|~-]+$"}};
if(vErrors === null){
vErrors = [err100];
}
else {
vErrors.push(err100);
}
errors++;
}
}
else {
const err101 = {instancePath:instancePath+"/spec/sticky/header/name",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err101];
}
else {
vErrors.push(err101);
}
errors++;
}
}
}
else {
const err102 = {instancePath:instancePath+"/spec/sticky/header",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err102];
}
else {
vErrors.push(err102);
}
errors++;
}
}
}
else {
const err103 = {instancePath:instancePath+"/spec/sticky",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err103];
}
else {
vErrors.push(err103);
}
errors++;
}
}
}
else {
const err104 = {instancePath:instancePath+"/spec",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err104];
}
else {
vErrors.push(err104);
}
errors++;
}
}
}
else {
const err105 = {instancePath,keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err105];
}
else {
vErrors.push(err105);
}
errors++;
}
validate10.errors = vErrors;
return errors === 0;
}

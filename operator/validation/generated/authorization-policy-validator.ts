// @ts-nocheck
// Generated from crds/ by operator/api/generate/main.ts. Do not edit.
export const validate = validate10;

const schema11 = {"type":"object","required":["spec"],"properties":{"spec":{"type":"object","required":["action"],"properties":{"targetRefs":{"type":"array","minItems":1,"maxItems":16,"items":{"type":"object","required":["kind","name"],"properties":{"group":{"type":"string","maxLength":253,"enum":[""]},"kind":{"type":"string","maxLength":63,"enum":["Service"]},"name":{"type":"string","minLength":1,"maxLength":63,"pattern":"^[a-z]([-a-z0-9]*[a-z0-9])?$"},"sectionName":{"type":"string","minLength":1,"maxLength":63,"pattern":"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"}}}},"selector":{"type":"object","required":["matchLabels"],"properties":{"matchLabels":{"type":"object","minProperties":1,"maxProperties":16,"additionalProperties":{"type":"string","maxLength":63,"pattern":"^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$"}}}},"action":{"type":"string","maxLength":16,"enum":["Allow","Deny","Audit"]},"mode":{"type":"string","maxLength":16,"enum":["Enforce","DryRun"]},"rules":{"type":"array","maxItems":64,"items":{"type":"object","properties":{"name":{"type":"string","minLength":1,"maxLength":63,"pattern":"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"},"from":{"type":"array","minItems":1,"maxItems":16,"items":{"type":"object","minProperties":1,"properties":{"principals":{"type":"array","minItems":1,"maxItems":64,"items":{"type":"string","minLength":1,"maxLength":512,"pattern":"^(\\*[^* ]*|spiffe://[^* ]+\\*?)$"}},"notPrincipals":{"type":"array","minItems":1,"maxItems":64,"items":{"type":"string","minLength":1,"maxLength":512,"pattern":"^(\\*[^* ]*|spiffe://[^* ]+\\*?)$"}},"serviceAccounts":{"type":"array","minItems":1,"maxItems":64,"items":{"type":"string","minLength":1,"maxLength":317,"pattern":"^([a-z0-9]([-a-z0-9]*[a-z0-9])?/)?[a-z0-9]([-a-z0-9.]*[a-z0-9])?$"}},"notServiceAccounts":{"type":"array","minItems":1,"maxItems":64,"items":{"type":"string","minLength":1,"maxLength":317,"pattern":"^([a-z0-9]([-a-z0-9]*[a-z0-9])?/)?[a-z0-9]([-a-z0-9.]*[a-z0-9])?$"}},"namespaces":{"type":"array","minItems":1,"maxItems":64,"items":{"type":"string","minLength":1,"maxLength":63,"pattern":"^(\\*|\\*?[-a-z0-9]+|[-a-z0-9]+\\*)$"}},"notNamespaces":{"type":"array","minItems":1,"maxItems":64,"items":{"type":"string","minLength":1,"maxLength":63,"pattern":"^(\\*|\\*?[-a-z0-9]+|[-a-z0-9]+\\*)$"}},"ipBlocks":{"type":"array","minItems":1,"maxItems":64,"items":{"type":"string","minLength":1,"maxLength":43}},"notIpBlocks":{"type":"array","minItems":1,"maxItems":64,"items":{"type":"string","minLength":1,"maxLength":43}}}}},"to":{"type":"array","minItems":1,"maxItems":16,"items":{"type":"object","minProperties":1,"properties":{"ports":{"type":"array","minItems":1,"maxItems":64,"items":{"type":"integer","minimum":1,"maximum":65535}},"notPorts":{"type":"array","minItems":1,"maxItems":64,"items":{"type":"integer","minimum":1,"maximum":65535}},"hosts":{"type":"array","minItems":1,"maxItems":64,"items":{"type":"string","minLength":1,"maxLength":253,"pattern":"^(\\*|\\*?[A-Za-z0-9._:\\[\\]-]+|[A-Za-z0-9._:\\[\\]-]+\\*)$"}},"notHosts":{"type":"array","minItems":1,"maxItems":64,"items":{"type":"string","minLength":1,"maxLength":253,"pattern":"^(\\*|\\*?[A-Za-z0-9._:\\[\\]-]+|[A-Za-z0-9._:\\[\\]-]+\\*)$"}},"methods":{"type":"array","minItems":1,"maxItems":64,"items":{"type":"string","minLength":1,"maxLength":32,"pattern":"^[A-Z][A-Z0-9_-]*$"}},"notMethods":{"type":"array","minItems":1,"maxItems":64,"items":{"type":"string","minLength":1,"maxLength":32,"pattern":"^[A-Z][A-Z0-9_-]*$"}},"paths":{"type":"array","minItems":1,"maxItems":64,"items":{"type":"string","minLength":1,"maxLength":1024,"pattern":"^(\\*[A-Za-z0-9._~!$&'()+,;=:@%|/-]*|/[A-Za-z0-9._~!$&'()+,;=:@%|/-]*\\*?|(/([A-Za-z0-9._~!$&'()+,;=:@%|-]+|\\{\\*\\}))+(/|/\\{\\*\\*\\})?|/\\{\\*\\*\\})$"}},"notPaths":{"type":"array","minItems":1,"maxItems":64,"items":{"type":"string","minLength":1,"maxLength":1024,"pattern":"^(\\*[A-Za-z0-9._~!$&'()+,;=:@%|/-]*|/[A-Za-z0-9._~!$&'()+,;=:@%|/-]*\\*?|(/([A-Za-z0-9._~!$&'()+,;=:@%|-]+|\\{\\*\\}))+(/|/\\{\\*\\*\\})?|/\\{\\*\\*\\})$"}},"headers":{"type":"array","minItems":1,"maxItems":16,"items":{"type":"object","required":["name"],"properties":{"name":{"type":"string","minLength":1,"maxLength":256,"pattern":"^[A-Za-z0-9!#$%&'*+.^_|~-]+$"},"type":{"type":"string","maxLength":16,"enum":["Exact","Prefix","Suffix","Contains","Present","Absent"]},"value":{"type":"string","minLength":1,"maxLength":1024,"pattern":"^[ -~]+$"}}}},"notHeaders":{"type":"array","minItems":1,"maxItems":16,"items":{"type":"object","required":["name"],"properties":{"name":{"type":"string","minLength":1,"maxLength":256,"pattern":"^[A-Za-z0-9!#$%&'*+.^_|~-]+$"},"type":{"type":"string","maxLength":16,"enum":["Exact","Prefix","Suffix","Contains","Present","Absent"]},"value":{"type":"string","minLength":1,"maxLength":1024,"pattern":"^[ -~]+$"}}}},"grpc":{"type":"array","minItems":1,"maxItems":64,"items":{"type":"object","required":["service"],"properties":{"service":{"type":"string","minLength":1,"maxLength":512,"pattern":"^[A-Za-z_][A-Za-z0-9_]*([.][A-Za-z_][A-Za-z0-9_]*)*$"},"method":{"type":"string","minLength":1,"maxLength":256,"pattern":"^[A-Za-z_][A-Za-z0-9_]*$"}}}}}}}}}}}}}};
const func2 = (text) => [...text].length;
const pattern0 = new RegExp("^[a-z]([-a-z0-9]*[a-z0-9])?$", "u");
const pattern1 = new RegExp("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$", "u");
const pattern2 = new RegExp("^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$", "u");
const pattern4 = new RegExp("^(\\*[^* ]*|spiffe://[^* ]+\\*?)$", "u");
const pattern6 = new RegExp("^([a-z0-9]([-a-z0-9]*[a-z0-9])?/)?[a-z0-9]([-a-z0-9.]*[a-z0-9])?$", "u");
const pattern8 = new RegExp("^(\\*|\\*?[-a-z0-9]+|[-a-z0-9]+\\*)$", "u");
const pattern10 = new RegExp("^(\\*|\\*?[A-Za-z0-9._:\\[\\]-]+|[A-Za-z0-9._:\\[\\]-]+\\*)$", "u");
const pattern12 = new RegExp("^[A-Z][A-Z0-9_-]*$", "u");
const pattern14 = new RegExp("^(\\*[A-Za-z0-9._~!$&'()+,;=:@%|/-]*|/[A-Za-z0-9._~!$&'()+,;=:@%|/-]*\\*?|(/([A-Za-z0-9._~!$&'()+,;=:@%|-]+|\\{\\*\\}))+(/|/\\{\\*\\*\\})?|/\\{\\*\\*\\})$", "u");
const pattern16 = new RegExp("^[A-Za-z0-9!#$%&'*+.^_|~-]+$", "u");
const pattern17 = new RegExp("^[ -~]+$", "u");
const pattern20 = new RegExp("^[A-Za-z_][A-Za-z0-9_]*([.][A-Za-z_][A-Za-z0-9_]*)*$", "u");
const pattern21 = new RegExp("^[A-Za-z_][A-Za-z0-9_]*$", "u");

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
if(data0.action === undefined){
const err1 = {instancePath:instancePath+"/spec",keyword:"required",params:{missingProperty: "action"}};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
if(data0.targetRefs !== undefined){
let data1 = data0.targetRefs;
if(Array.isArray(data1)){
if(data1.length > 16){
const err2 = {instancePath:instancePath+"/spec/targetRefs",keyword:"maxItems",params:{limit: 16}};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
if(data1.length < 1){
const err3 = {instancePath:instancePath+"/spec/targetRefs",keyword:"minItems",params:{limit: 1}};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
const len0 = data1.length;
for(let i0=0; i0<len0; i0++){
let data2 = data1[i0];
if(data2 && typeof data2 == "object" && !Array.isArray(data2)){
if(data2.kind === undefined){
const err4 = {instancePath:instancePath+"/spec/targetRefs/" + i0,keyword:"required",params:{missingProperty: "kind"}};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
if(data2.name === undefined){
const err5 = {instancePath:instancePath+"/spec/targetRefs/" + i0,keyword:"required",params:{missingProperty: "name"}};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
if(data2.group !== undefined){
let data3 = data2.group;
if(!(data3 === "")){
const err6 = {instancePath:instancePath+"/spec/targetRefs/" + i0+"/group",keyword:"enum",params:{allowedValues: schema11.properties.spec.properties.targetRefs.items.properties.group.enum}};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
if(typeof data3 === "string"){
if(func2(data3) > 253){
const err7 = {instancePath:instancePath+"/spec/targetRefs/" + i0+"/group",keyword:"maxLength",params:{limit: 253}};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
}
else {
const err8 = {instancePath:instancePath+"/spec/targetRefs/" + i0+"/group",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
if(data2.kind !== undefined){
let data4 = data2.kind;
if(!(data4 === "Service")){
const err9 = {instancePath:instancePath+"/spec/targetRefs/" + i0+"/kind",keyword:"enum",params:{allowedValues: schema11.properties.spec.properties.targetRefs.items.properties.kind.enum}};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
if(typeof data4 === "string"){
if(func2(data4) > 63){
const err10 = {instancePath:instancePath+"/spec/targetRefs/" + i0+"/kind",keyword:"maxLength",params:{limit: 63}};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
}
else {
const err11 = {instancePath:instancePath+"/spec/targetRefs/" + i0+"/kind",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
}
if(data2.name !== undefined){
let data5 = data2.name;
if(typeof data5 === "string"){
if(func2(data5) > 63){
const err12 = {instancePath:instancePath+"/spec/targetRefs/" + i0+"/name",keyword:"maxLength",params:{limit: 63}};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
if(func2(data5) < 1){
const err13 = {instancePath:instancePath+"/spec/targetRefs/" + i0+"/name",keyword:"minLength",params:{limit: 1}};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
if(!pattern0.test(data5)){
const err14 = {instancePath:instancePath+"/spec/targetRefs/" + i0+"/name",keyword:"pattern",params:{pattern: "^[a-z]([-a-z0-9]*[a-z0-9])?$"}};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
}
else {
const err15 = {instancePath:instancePath+"/spec/targetRefs/" + i0+"/name",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
}
if(data2.sectionName !== undefined){
let data6 = data2.sectionName;
if(typeof data6 === "string"){
if(func2(data6) > 63){
const err16 = {instancePath:instancePath+"/spec/targetRefs/" + i0+"/sectionName",keyword:"maxLength",params:{limit: 63}};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
if(func2(data6) < 1){
const err17 = {instancePath:instancePath+"/spec/targetRefs/" + i0+"/sectionName",keyword:"minLength",params:{limit: 1}};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
if(!pattern1.test(data6)){
const err18 = {instancePath:instancePath+"/spec/targetRefs/" + i0+"/sectionName",keyword:"pattern",params:{pattern: "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"}};
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
const err19 = {instancePath:instancePath+"/spec/targetRefs/" + i0+"/sectionName",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
}
}
else {
const err20 = {instancePath:instancePath+"/spec/targetRefs/" + i0,keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
}
}
else {
const err21 = {instancePath:instancePath+"/spec/targetRefs",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
}
if(data0.selector !== undefined){
let data7 = data0.selector;
if(data7 && typeof data7 == "object" && !Array.isArray(data7)){
if(data7.matchLabels === undefined){
const err22 = {instancePath:instancePath+"/spec/selector",keyword:"required",params:{missingProperty: "matchLabels"}};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
if(data7.matchLabels !== undefined){
let data8 = data7.matchLabels;
if(data8 && typeof data8 == "object" && !Array.isArray(data8)){
if(Object.keys(data8).length > 16){
const err23 = {instancePath:instancePath+"/spec/selector/matchLabels",keyword:"maxProperties",params:{limit: 16}};
if(vErrors === null){
vErrors = [err23];
}
else {
vErrors.push(err23);
}
errors++;
}
if(Object.keys(data8).length < 1){
const err24 = {instancePath:instancePath+"/spec/selector/matchLabels",keyword:"minProperties",params:{limit: 1}};
if(vErrors === null){
vErrors = [err24];
}
else {
vErrors.push(err24);
}
errors++;
}
for(const key0 in data8){
let data9 = data8[key0];
if(typeof data9 === "string"){
if(func2(data9) > 63){
const err25 = {instancePath:instancePath+"/spec/selector/matchLabels/" + key0.replace(/~/g, "~0").replace(/\//g, "~1"),keyword:"maxLength",params:{limit: 63}};
if(vErrors === null){
vErrors = [err25];
}
else {
vErrors.push(err25);
}
errors++;
}
if(!pattern2.test(data9)){
const err26 = {instancePath:instancePath+"/spec/selector/matchLabels/" + key0.replace(/~/g, "~0").replace(/\//g, "~1"),keyword:"pattern",params:{pattern: "^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$"}};
if(vErrors === null){
vErrors = [err26];
}
else {
vErrors.push(err26);
}
errors++;
}
}
else {
const err27 = {instancePath:instancePath+"/spec/selector/matchLabels/" + key0.replace(/~/g, "~0").replace(/\//g, "~1"),keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err27];
}
else {
vErrors.push(err27);
}
errors++;
}
}
}
else {
const err28 = {instancePath:instancePath+"/spec/selector/matchLabels",keyword:"type",params:{type: "object"}};
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
const err29 = {instancePath:instancePath+"/spec/selector",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err29];
}
else {
vErrors.push(err29);
}
errors++;
}
}
if(data0.action !== undefined){
let data10 = data0.action;
if(!(((data10 === "Allow") || (data10 === "Deny")) || (data10 === "Audit"))){
const err30 = {instancePath:instancePath+"/spec/action",keyword:"enum",params:{allowedValues: schema11.properties.spec.properties.action.enum}};
if(vErrors === null){
vErrors = [err30];
}
else {
vErrors.push(err30);
}
errors++;
}
if(typeof data10 === "string"){
if(func2(data10) > 16){
const err31 = {instancePath:instancePath+"/spec/action",keyword:"maxLength",params:{limit: 16}};
if(vErrors === null){
vErrors = [err31];
}
else {
vErrors.push(err31);
}
errors++;
}
}
else {
const err32 = {instancePath:instancePath+"/spec/action",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err32];
}
else {
vErrors.push(err32);
}
errors++;
}
}
if(data0.mode !== undefined){
let data11 = data0.mode;
if(!((data11 === "Enforce") || (data11 === "DryRun"))){
const err33 = {instancePath:instancePath+"/spec/mode",keyword:"enum",params:{allowedValues: schema11.properties.spec.properties.mode.enum}};
if(vErrors === null){
vErrors = [err33];
}
else {
vErrors.push(err33);
}
errors++;
}
if(typeof data11 === "string"){
if(func2(data11) > 16){
const err34 = {instancePath:instancePath+"/spec/mode",keyword:"maxLength",params:{limit: 16}};
if(vErrors === null){
vErrors = [err34];
}
else {
vErrors.push(err34);
}
errors++;
}
}
else {
const err35 = {instancePath:instancePath+"/spec/mode",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err35];
}
else {
vErrors.push(err35);
}
errors++;
}
}
if(data0.rules !== undefined){
let data12 = data0.rules;
if(Array.isArray(data12)){
if(data12.length > 64){
const err36 = {instancePath:instancePath+"/spec/rules",keyword:"maxItems",params:{limit: 64}};
if(vErrors === null){
vErrors = [err36];
}
else {
vErrors.push(err36);
}
errors++;
}
const len1 = data12.length;
for(let i1=0; i1<len1; i1++){
let data13 = data12[i1];
if(data13 && typeof data13 == "object" && !Array.isArray(data13)){
if(data13.name !== undefined){
let data14 = data13.name;
if(typeof data14 === "string"){
if(func2(data14) > 63){
const err37 = {instancePath:instancePath+"/spec/rules/" + i1+"/name",keyword:"maxLength",params:{limit: 63}};
if(vErrors === null){
vErrors = [err37];
}
else {
vErrors.push(err37);
}
errors++;
}
if(func2(data14) < 1){
const err38 = {instancePath:instancePath+"/spec/rules/" + i1+"/name",keyword:"minLength",params:{limit: 1}};
if(vErrors === null){
vErrors = [err38];
}
else {
vErrors.push(err38);
}
errors++;
}
if(!pattern1.test(data14)){
const err39 = {instancePath:instancePath+"/spec/rules/" + i1+"/name",keyword:"pattern",params:{pattern: "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"}};
if(vErrors === null){
vErrors = [err39];
}
else {
vErrors.push(err39);
}
errors++;
}
}
else {
const err40 = {instancePath:instancePath+"/spec/rules/" + i1+"/name",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err40];
}
else {
vErrors.push(err40);
}
errors++;
}
}
if(data13.from !== undefined){
let data15 = data13.from;
if(Array.isArray(data15)){
if(data15.length > 16){
const err41 = {instancePath:instancePath+"/spec/rules/" + i1+"/from",keyword:"maxItems",params:{limit: 16}};
if(vErrors === null){
vErrors = [err41];
}
else {
vErrors.push(err41);
}
errors++;
}
if(data15.length < 1){
const err42 = {instancePath:instancePath+"/spec/rules/" + i1+"/from",keyword:"minItems",params:{limit: 1}};
if(vErrors === null){
vErrors = [err42];
}
else {
vErrors.push(err42);
}
errors++;
}
const len2 = data15.length;
for(let i2=0; i2<len2; i2++){
let data16 = data15[i2];
if(data16 && typeof data16 == "object" && !Array.isArray(data16)){
if(Object.keys(data16).length < 1){
const err43 = {instancePath:instancePath+"/spec/rules/" + i1+"/from/" + i2,keyword:"minProperties",params:{limit: 1}};
if(vErrors === null){
vErrors = [err43];
}
else {
vErrors.push(err43);
}
errors++;
}
if(data16.principals !== undefined){
let data17 = data16.principals;
if(Array.isArray(data17)){
if(data17.length > 64){
const err44 = {instancePath:instancePath+"/spec/rules/" + i1+"/from/" + i2+"/principals",keyword:"maxItems",params:{limit: 64}};
if(vErrors === null){
vErrors = [err44];
}
else {
vErrors.push(err44);
}
errors++;
}
if(data17.length < 1){
const err45 = {instancePath:instancePath+"/spec/rules/" + i1+"/from/" + i2+"/principals",keyword:"minItems",params:{limit: 1}};
if(vErrors === null){
vErrors = [err45];
}
else {
vErrors.push(err45);
}
errors++;
}
const len3 = data17.length;
for(let i3=0; i3<len3; i3++){
let data18 = data17[i3];
if(typeof data18 === "string"){
if(func2(data18) > 512){
const err46 = {instancePath:instancePath+"/spec/rules/" + i1+"/from/" + i2+"/principals/" + i3,keyword:"maxLength",params:{limit: 512}};
if(vErrors === null){
vErrors = [err46];
}
else {
vErrors.push(err46);
}
errors++;
}
if(func2(data18) < 1){
const err47 = {instancePath:instancePath+"/spec/rules/" + i1+"/from/" + i2+"/principals/" + i3,keyword:"minLength",params:{limit: 1}};
if(vErrors === null){
vErrors = [err47];
}
else {
vErrors.push(err47);
}
errors++;
}
if(!pattern4.test(data18)){
const err48 = {instancePath:instancePath+"/spec/rules/" + i1+"/from/" + i2+"/principals/" + i3,keyword:"pattern",params:{pattern: "^(\\*[^* ]*|spiffe://[^* ]+\\*?)$"}};
if(vErrors === null){
vErrors = [err48];
}
else {
vErrors.push(err48);
}
errors++;
}
}
else {
const err49 = {instancePath:instancePath+"/spec/rules/" + i1+"/from/" + i2+"/principals/" + i3,keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err49];
}
else {
vErrors.push(err49);
}
errors++;
}
}
}
else {
const err50 = {instancePath:instancePath+"/spec/rules/" + i1+"/from/" + i2+"/principals",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err50];
}
else {
vErrors.push(err50);
}
errors++;
}
}
if(data16.notPrincipals !== undefined){
let data19 = data16.notPrincipals;
if(Array.isArray(data19)){
if(data19.length > 64){
const err51 = {instancePath:instancePath+"/spec/rules/" + i1+"/from/" + i2+"/notPrincipals",keyword:"maxItems",params:{limit: 64}};
if(vErrors === null){
vErrors = [err51];
}
else {
vErrors.push(err51);
}
errors++;
}
if(data19.length < 1){
const err52 = {instancePath:instancePath+"/spec/rules/" + i1+"/from/" + i2+"/notPrincipals",keyword:"minItems",params:{limit: 1}};
if(vErrors === null){
vErrors = [err52];
}
else {
vErrors.push(err52);
}
errors++;
}
const len4 = data19.length;
for(let i4=0; i4<len4; i4++){
let data20 = data19[i4];
if(typeof data20 === "string"){
if(func2(data20) > 512){
const err53 = {instancePath:instancePath+"/spec/rules/" + i1+"/from/" + i2+"/notPrincipals/" + i4,keyword:"maxLength",params:{limit: 512}};
if(vErrors === null){
vErrors = [err53];
}
else {
vErrors.push(err53);
}
errors++;
}
if(func2(data20) < 1){
const err54 = {instancePath:instancePath+"/spec/rules/" + i1+"/from/" + i2+"/notPrincipals/" + i4,keyword:"minLength",params:{limit: 1}};
if(vErrors === null){
vErrors = [err54];
}
else {
vErrors.push(err54);
}
errors++;
}
if(!pattern4.test(data20)){
const err55 = {instancePath:instancePath+"/spec/rules/" + i1+"/from/" + i2+"/notPrincipals/" + i4,keyword:"pattern",params:{pattern: "^(\\*[^* ]*|spiffe://[^* ]+\\*?)$"}};
if(vErrors === null){
vErrors = [err55];
}
else {
vErrors.push(err55);
}
errors++;
}
}
else {
const err56 = {instancePath:instancePath+"/spec/rules/" + i1+"/from/" + i2+"/notPrincipals/" + i4,keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err56];
}
else {
vErrors.push(err56);
}
errors++;
}
}
}
else {
const err57 = {instancePath:instancePath+"/spec/rules/" + i1+"/from/" + i2+"/notPrincipals",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err57];
}
else {
vErrors.push(err57);
}
errors++;
}
}
if(data16.serviceAccounts !== undefined){
let data21 = data16.serviceAccounts;
if(Array.isArray(data21)){
if(data21.length > 64){
const err58 = {instancePath:instancePath+"/spec/rules/" + i1+"/from/" + i2+"/serviceAccounts",keyword:"maxItems",params:{limit: 64}};
if(vErrors === null){
vErrors = [err58];
}
else {
vErrors.push(err58);
}
errors++;
}
if(data21.length < 1){
const err59 = {instancePath:instancePath+"/spec/rules/" + i1+"/from/" + i2+"/serviceAccounts",keyword:"minItems",params:{limit: 1}};
if(vErrors === null){
vErrors = [err59];
}
else {
vErrors.push(err59);
}
errors++;
}
const len5 = data21.length;
for(let i5=0; i5<len5; i5++){
let data22 = data21[i5];
if(typeof data22 === "string"){
if(func2(data22) > 317){
const err60 = {instancePath:instancePath+"/spec/rules/" + i1+"/from/" + i2+"/serviceAccounts/" + i5,keyword:"maxLength",params:{limit: 317}};
if(vErrors === null){
vErrors = [err60];
}
else {
vErrors.push(err60);
}
errors++;
}
if(func2(data22) < 1){
const err61 = {instancePath:instancePath+"/spec/rules/" + i1+"/from/" + i2+"/serviceAccounts/" + i5,keyword:"minLength",params:{limit: 1}};
if(vErrors === null){
vErrors = [err61];
}
else {
vErrors.push(err61);
}
errors++;
}
if(!pattern6.test(data22)){
const err62 = {instancePath:instancePath+"/spec/rules/" + i1+"/from/" + i2+"/serviceAccounts/" + i5,keyword:"pattern",params:{pattern: "^([a-z0-9]([-a-z0-9]*[a-z0-9])?/)?[a-z0-9]([-a-z0-9.]*[a-z0-9])?$"}};
if(vErrors === null){
vErrors = [err62];
}
else {
vErrors.push(err62);
}
errors++;
}
}
else {
const err63 = {instancePath:instancePath+"/spec/rules/" + i1+"/from/" + i2+"/serviceAccounts/" + i5,keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err63];
}
else {
vErrors.push(err63);
}
errors++;
}
}
}
else {
const err64 = {instancePath:instancePath+"/spec/rules/" + i1+"/from/" + i2+"/serviceAccounts",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err64];
}
else {
vErrors.push(err64);
}
errors++;
}
}
if(data16.notServiceAccounts !== undefined){
let data23 = data16.notServiceAccounts;
if(Array.isArray(data23)){
if(data23.length > 64){
const err65 = {instancePath:instancePath+"/spec/rules/" + i1+"/from/" + i2+"/notServiceAccounts",keyword:"maxItems",params:{limit: 64}};
if(vErrors === null){
vErrors = [err65];
}
else {
vErrors.push(err65);
}
errors++;
}
if(data23.length < 1){
const err66 = {instancePath:instancePath+"/spec/rules/" + i1+"/from/" + i2+"/notServiceAccounts",keyword:"minItems",params:{limit: 1}};
if(vErrors === null){
vErrors = [err66];
}
else {
vErrors.push(err66);
}
errors++;
}
const len6 = data23.length;
for(let i6=0; i6<len6; i6++){
let data24 = data23[i6];
if(typeof data24 === "string"){
if(func2(data24) > 317){
const err67 = {instancePath:instancePath+"/spec/rules/" + i1+"/from/" + i2+"/notServiceAccounts/" + i6,keyword:"maxLength",params:{limit: 317}};
if(vErrors === null){
vErrors = [err67];
}
else {
vErrors.push(err67);
}
errors++;
}
if(func2(data24) < 1){
const err68 = {instancePath:instancePath+"/spec/rules/" + i1+"/from/" + i2+"/notServiceAccounts/" + i6,keyword:"minLength",params:{limit: 1}};
if(vErrors === null){
vErrors = [err68];
}
else {
vErrors.push(err68);
}
errors++;
}
if(!pattern6.test(data24)){
const err69 = {instancePath:instancePath+"/spec/rules/" + i1+"/from/" + i2+"/notServiceAccounts/" + i6,keyword:"pattern",params:{pattern: "^([a-z0-9]([-a-z0-9]*[a-z0-9])?/)?[a-z0-9]([-a-z0-9.]*[a-z0-9])?$"}};
if(vErrors === null){
vErrors = [err69];
}
else {
vErrors.push(err69);
}
errors++;
}
}
else {
const err70 = {instancePath:instancePath+"/spec/rules/" + i1+"/from/" + i2+"/notServiceAccounts/" + i6,keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err70];
}
else {
vErrors.push(err70);
}
errors++;
}
}
}
else {
const err71 = {instancePath:instancePath+"/spec/rules/" + i1+"/from/" + i2+"/notServiceAccounts",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err71];
}
else {
vErrors.push(err71);
}
errors++;
}
}
if(data16.namespaces !== undefined){
let data25 = data16.namespaces;
if(Array.isArray(data25)){
if(data25.length > 64){
const err72 = {instancePath:instancePath+"/spec/rules/" + i1+"/from/" + i2+"/namespaces",keyword:"maxItems",params:{limit: 64}};
if(vErrors === null){
vErrors = [err72];
}
else {
vErrors.push(err72);
}
errors++;
}
if(data25.length < 1){
const err73 = {instancePath:instancePath+"/spec/rules/" + i1+"/from/" + i2+"/namespaces",keyword:"minItems",params:{limit: 1}};
if(vErrors === null){
vErrors = [err73];
}
else {
vErrors.push(err73);
}
errors++;
}
const len7 = data25.length;
for(let i7=0; i7<len7; i7++){
let data26 = data25[i7];
if(typeof data26 === "string"){
if(func2(data26) > 63){
const err74 = {instancePath:instancePath+"/spec/rules/" + i1+"/from/" + i2+"/namespaces/" + i7,keyword:"maxLength",params:{limit: 63}};
if(vErrors === null){
vErrors = [err74];
}
else {
vErrors.push(err74);
}
errors++;
}
if(func2(data26) < 1){
const err75 = {instancePath:instancePath+"/spec/rules/" + i1+"/from/" + i2+"/namespaces/" + i7,keyword:"minLength",params:{limit: 1}};
if(vErrors === null){
vErrors = [err75];
}
else {
vErrors.push(err75);
}
errors++;
}
if(!pattern8.test(data26)){
const err76 = {instancePath:instancePath+"/spec/rules/" + i1+"/from/" + i2+"/namespaces/" + i7,keyword:"pattern",params:{pattern: "^(\\*|\\*?[-a-z0-9]+|[-a-z0-9]+\\*)$"}};
if(vErrors === null){
vErrors = [err76];
}
else {
vErrors.push(err76);
}
errors++;
}
}
else {
const err77 = {instancePath:instancePath+"/spec/rules/" + i1+"/from/" + i2+"/namespaces/" + i7,keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err77];
}
else {
vErrors.push(err77);
}
errors++;
}
}
}
else {
const err78 = {instancePath:instancePath+"/spec/rules/" + i1+"/from/" + i2+"/namespaces",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err78];
}
else {
vErrors.push(err78);
}
errors++;
}
}
if(data16.notNamespaces !== undefined){
let data27 = data16.notNamespaces;
if(Array.isArray(data27)){
if(data27.length > 64){
const err79 = {instancePath:instancePath+"/spec/rules/" + i1+"/from/" + i2+"/notNamespaces",keyword:"maxItems",params:{limit: 64}};
if(vErrors === null){
vErrors = [err79];
}
else {
vErrors.push(err79);
}
errors++;
}
if(data27.length < 1){
const err80 = {instancePath:instancePath+"/spec/rules/" + i1+"/from/" + i2+"/notNamespaces",keyword:"minItems",params:{limit: 1}};
if(vErrors === null){
vErrors = [err80];
}
else {
vErrors.push(err80);
}
errors++;
}
const len8 = data27.length;
for(let i8=0; i8<len8; i8++){
let data28 = data27[i8];
if(typeof data28 === "string"){
if(func2(data28) > 63){
const err81 = {instancePath:instancePath+"/spec/rules/" + i1+"/from/" + i2+"/notNamespaces/" + i8,keyword:"maxLength",params:{limit: 63}};
if(vErrors === null){
vErrors = [err81];
}
else {
vErrors.push(err81);
}
errors++;
}
if(func2(data28) < 1){
const err82 = {instancePath:instancePath+"/spec/rules/" + i1+"/from/" + i2+"/notNamespaces/" + i8,keyword:"minLength",params:{limit: 1}};
if(vErrors === null){
vErrors = [err82];
}
else {
vErrors.push(err82);
}
errors++;
}
if(!pattern8.test(data28)){
const err83 = {instancePath:instancePath+"/spec/rules/" + i1+"/from/" + i2+"/notNamespaces/" + i8,keyword:"pattern",params:{pattern: "^(\\*|\\*?[-a-z0-9]+|[-a-z0-9]+\\*)$"}};
if(vErrors === null){
vErrors = [err83];
}
else {
vErrors.push(err83);
}
errors++;
}
}
else {
const err84 = {instancePath:instancePath+"/spec/rules/" + i1+"/from/" + i2+"/notNamespaces/" + i8,keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err84];
}
else {
vErrors.push(err84);
}
errors++;
}
}
}
else {
const err85 = {instancePath:instancePath+"/spec/rules/" + i1+"/from/" + i2+"/notNamespaces",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err85];
}
else {
vErrors.push(err85);
}
errors++;
}
}
if(data16.ipBlocks !== undefined){
let data29 = data16.ipBlocks;
if(Array.isArray(data29)){
if(data29.length > 64){
const err86 = {instancePath:instancePath+"/spec/rules/" + i1+"/from/" + i2+"/ipBlocks",keyword:"maxItems",params:{limit: 64}};
if(vErrors === null){
vErrors = [err86];
}
else {
vErrors.push(err86);
}
errors++;
}
if(data29.length < 1){
const err87 = {instancePath:instancePath+"/spec/rules/" + i1+"/from/" + i2+"/ipBlocks",keyword:"minItems",params:{limit: 1}};
if(vErrors === null){
vErrors = [err87];
}
else {
vErrors.push(err87);
}
errors++;
}
const len9 = data29.length;
for(let i9=0; i9<len9; i9++){
let data30 = data29[i9];
if(typeof data30 === "string"){
if(func2(data30) > 43){
const err88 = {instancePath:instancePath+"/spec/rules/" + i1+"/from/" + i2+"/ipBlocks/" + i9,keyword:"maxLength",params:{limit: 43}};
if(vErrors === null){
vErrors = [err88];
}
else {
vErrors.push(err88);
}
errors++;
}
if(func2(data30) < 1){
const err89 = {instancePath:instancePath+"/spec/rules/" + i1+"/from/" + i2+"/ipBlocks/" + i9,keyword:"minLength",params:{limit: 1}};
if(vErrors === null){
vErrors = [err89];
}
else {
vErrors.push(err89);
}
errors++;
}
}
else {
const err90 = {instancePath:instancePath+"/spec/rules/" + i1+"/from/" + i2+"/ipBlocks/" + i9,keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err90];
}
else {
vErrors.push(err90);
}
errors++;
}
}
}
else {
const err91 = {instancePath:instancePath+"/spec/rules/" + i1+"/from/" + i2+"/ipBlocks",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err91];
}
else {
vErrors.push(err91);
}
errors++;
}
}
if(data16.notIpBlocks !== undefined){
let data31 = data16.notIpBlocks;
if(Array.isArray(data31)){
if(data31.length > 64){
const err92 = {instancePath:instancePath+"/spec/rules/" + i1+"/from/" + i2+"/notIpBlocks",keyword:"maxItems",params:{limit: 64}};
if(vErrors === null){
vErrors = [err92];
}
else {
vErrors.push(err92);
}
errors++;
}
if(data31.length < 1){
const err93 = {instancePath:instancePath+"/spec/rules/" + i1+"/from/" + i2+"/notIpBlocks",keyword:"minItems",params:{limit: 1}};
if(vErrors === null){
vErrors = [err93];
}
else {
vErrors.push(err93);
}
errors++;
}
const len10 = data31.length;
for(let i10=0; i10<len10; i10++){
let data32 = data31[i10];
if(typeof data32 === "string"){
if(func2(data32) > 43){
const err94 = {instancePath:instancePath+"/spec/rules/" + i1+"/from/" + i2+"/notIpBlocks/" + i10,keyword:"maxLength",params:{limit: 43}};
if(vErrors === null){
vErrors = [err94];
}
else {
vErrors.push(err94);
}
errors++;
}
if(func2(data32) < 1){
const err95 = {instancePath:instancePath+"/spec/rules/" + i1+"/from/" + i2+"/notIpBlocks/" + i10,keyword:"minLength",params:{limit: 1}};
if(vErrors === null){
vErrors = [err95];
}
else {
vErrors.push(err95);
}
errors++;
}
}
else {
const err96 = {instancePath:instancePath+"/spec/rules/" + i1+"/from/" + i2+"/notIpBlocks/" + i10,keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err96];
}
else {
vErrors.push(err96);
}
errors++;
}
}
}
else {
const err97 = {instancePath:instancePath+"/spec/rules/" + i1+"/from/" + i2+"/notIpBlocks",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err97];
}
else {
vErrors.push(err97);
}
errors++;
}
}
}
else {
const err98 = {instancePath:instancePath+"/spec/rules/" + i1+"/from/" + i2,keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err98];
}
else {
vErrors.push(err98);
}
errors++;
}
}
}
else {
const err99 = {instancePath:instancePath+"/spec/rules/" + i1+"/from",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err99];
}
else {
vErrors.push(err99);
}
errors++;
}
}
if(data13.to !== undefined){
let data33 = data13.to;
if(Array.isArray(data33)){
if(data33.length > 16){
const err100 = {instancePath:instancePath+"/spec/rules/" + i1+"/to",keyword:"maxItems",params:{limit: 16}};
if(vErrors === null){
vErrors = [err100];
}
else {
vErrors.push(err100);
}
errors++;
}
if(data33.length < 1){
const err101 = {instancePath:instancePath+"/spec/rules/" + i1+"/to",keyword:"minItems",params:{limit: 1}};
if(vErrors === null){
vErrors = [err101];
}
else {
vErrors.push(err101);
}
errors++;
}
const len11 = data33.length;
for(let i11=0; i11<len11; i11++){
let data34 = data33[i11];
if(data34 && typeof data34 == "object" && !Array.isArray(data34)){
if(Object.keys(data34).length < 1){
const err102 = {instancePath:instancePath+"/spec/rules/" + i1+"/to/" + i11,keyword:"minProperties",params:{limit: 1}};
if(vErrors === null){
vErrors = [err102];
}
else {
vErrors.push(err102);
}
errors++;
}
if(data34.ports !== undefined){
let data35 = data34.ports;
if(Array.isArray(data35)){
if(data35.length > 64){
const err103 = {instancePath:instancePath+"/spec/rules/" + i1+"/to/" + i11+"/ports",keyword:"maxItems",params:{limit: 64}};
if(vErrors === null){
vErrors = [err103];
}
else {
vErrors.push(err103);
}
errors++;
}
if(data35.length < 1){
const err104 = {instancePath:instancePath+"/spec/rules/" + i1+"/to/" + i11+"/ports",keyword:"minItems",params:{limit: 1}};
if(vErrors === null){
vErrors = [err104];
}
else {
vErrors.push(err104);
}
errors++;
}
const len12 = data35.length;
for(let i12=0; i12<len12; i12++){
let data36 = data35[i12];
if(!((typeof data36 == "number") && (!(data36 % 1) && !isNaN(data36)))){
const err105 = {instancePath:instancePath+"/spec/rules/" + i1+"/to/" + i11+"/ports/" + i12,keyword:"type",params:{type: "integer"}};
if(vErrors === null){
vErrors = [err105];
}
else {
vErrors.push(err105);
}
errors++;
}
if(typeof data36 == "number"){
if(data36 > 65535 || isNaN(data36)){
const err106 = {instancePath:instancePath+"/spec/rules/" + i1+"/to/" + i11+"/ports/" + i12,keyword:"maximum",params:{comparison: "<=", limit: 65535}};
if(vErrors === null){
vErrors = [err106];
}
else {
vErrors.push(err106);
}
errors++;
}
if(data36 < 1 || isNaN(data36)){
const err107 = {instancePath:instancePath+"/spec/rules/" + i1+"/to/" + i11+"/ports/" + i12,keyword:"minimum",params:{comparison: ">=", limit: 1}};
if(vErrors === null){
vErrors = [err107];
}
else {
vErrors.push(err107);
}
errors++;
}
}
}
}
else {
const err108 = {instancePath:instancePath+"/spec/rules/" + i1+"/to/" + i11+"/ports",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err108];
}
else {
vErrors.push(err108);
}
errors++;
}
}
if(data34.notPorts !== undefined){
let data37 = data34.notPorts;
if(Array.isArray(data37)){
if(data37.length > 64){
const err109 = {instancePath:instancePath+"/spec/rules/" + i1+"/to/" + i11+"/notPorts",keyword:"maxItems",params:{limit: 64}};
if(vErrors === null){
vErrors = [err109];
}
else {
vErrors.push(err109);
}
errors++;
}
if(data37.length < 1){
const err110 = {instancePath:instancePath+"/spec/rules/" + i1+"/to/" + i11+"/notPorts",keyword:"minItems",params:{limit: 1}};
if(vErrors === null){
vErrors = [err110];
}
else {
vErrors.push(err110);
}
errors++;
}
const len13 = data37.length;
for(let i13=0; i13<len13; i13++){
let data38 = data37[i13];
if(!((typeof data38 == "number") && (!(data38 % 1) && !isNaN(data38)))){
const err111 = {instancePath:instancePath+"/spec/rules/" + i1+"/to/" + i11+"/notPorts/" + i13,keyword:"type",params:{type: "integer"}};
if(vErrors === null){
vErrors = [err111];
}
else {
vErrors.push(err111);
}
errors++;
}
if(typeof data38 == "number"){
if(data38 > 65535 || isNaN(data38)){
const err112 = {instancePath:instancePath+"/spec/rules/" + i1+"/to/" + i11+"/notPorts/" + i13,keyword:"maximum",params:{comparison: "<=", limit: 65535}};
if(vErrors === null){
vErrors = [err112];
}
else {
vErrors.push(err112);
}
errors++;
}
if(data38 < 1 || isNaN(data38)){
const err113 = {instancePath:instancePath+"/spec/rules/" + i1+"/to/" + i11+"/notPorts/" + i13,keyword:"minimum",params:{comparison: ">=", limit: 1}};
if(vErrors === null){
vErrors = [err113];
}
else {
vErrors.push(err113);
}
errors++;
}
}
}
}
else {
const err114 = {instancePath:instancePath+"/spec/rules/" + i1+"/to/" + i11+"/notPorts",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err114];
}
else {
vErrors.push(err114);
}
errors++;
}
}
if(data34.hosts !== undefined){
let data39 = data34.hosts;
if(Array.isArray(data39)){
if(data39.length > 64){
const err115 = {instancePath:instancePath+"/spec/rules/" + i1+"/to/" + i11+"/hosts",keyword:"maxItems",params:{limit: 64}};
if(vErrors === null){
vErrors = [err115];
}
else {
vErrors.push(err115);
}
errors++;
}
if(data39.length < 1){
const err116 = {instancePath:instancePath+"/spec/rules/" + i1+"/to/" + i11+"/hosts",keyword:"minItems",params:{limit: 1}};
if(vErrors === null){
vErrors = [err116];
}
else {
vErrors.push(err116);
}
errors++;
}
const len14 = data39.length;
for(let i14=0; i14<len14; i14++){
let data40 = data39[i14];
if(typeof data40 === "string"){
if(func2(data40) > 253){
const err117 = {instancePath:instancePath+"/spec/rules/" + i1+"/to/" + i11+"/hosts/" + i14,keyword:"maxLength",params:{limit: 253}};
if(vErrors === null){
vErrors = [err117];
}
else {
vErrors.push(err117);
}
errors++;
}
if(func2(data40) < 1){
const err118 = {instancePath:instancePath+"/spec/rules/" + i1+"/to/" + i11+"/hosts/" + i14,keyword:"minLength",params:{limit: 1}};
if(vErrors === null){
vErrors = [err118];
}
else {
vErrors.push(err118);
}
errors++;
}
if(!pattern10.test(data40)){
const err119 = {instancePath:instancePath+"/spec/rules/" + i1+"/to/" + i11+"/hosts/" + i14,keyword:"pattern",params:{pattern: "^(\\*|\\*?[A-Za-z0-9._:\\[\\]-]+|[A-Za-z0-9._:\\[\\]-]+\\*)$"}};
if(vErrors === null){
vErrors = [err119];
}
else {
vErrors.push(err119);
}
errors++;
}
}
else {
const err120 = {instancePath:instancePath+"/spec/rules/" + i1+"/to/" + i11+"/hosts/" + i14,keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err120];
}
else {
vErrors.push(err120);
}
errors++;
}
}
}
else {
const err121 = {instancePath:instancePath+"/spec/rules/" + i1+"/to/" + i11+"/hosts",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err121];
}
else {
vErrors.push(err121);
}
errors++;
}
}
if(data34.notHosts !== undefined){
let data41 = data34.notHosts;
if(Array.isArray(data41)){
if(data41.length > 64){
const err122 = {instancePath:instancePath+"/spec/rules/" + i1+"/to/" + i11+"/notHosts",keyword:"maxItems",params:{limit: 64}};
if(vErrors === null){
vErrors = [err122];
}
else {
vErrors.push(err122);
}
errors++;
}
if(data41.length < 1){
const err123 = {instancePath:instancePath+"/spec/rules/" + i1+"/to/" + i11+"/notHosts",keyword:"minItems",params:{limit: 1}};
if(vErrors === null){
vErrors = [err123];
}
else {
vErrors.push(err123);
}
errors++;
}
const len15 = data41.length;
for(let i15=0; i15<len15; i15++){
let data42 = data41[i15];
if(typeof data42 === "string"){
if(func2(data42) > 253){
const err124 = {instancePath:instancePath+"/spec/rules/" + i1+"/to/" + i11+"/notHosts/" + i15,keyword:"maxLength",params:{limit: 253}};
if(vErrors === null){
vErrors = [err124];
}
else {
vErrors.push(err124);
}
errors++;
}
if(func2(data42) < 1){
const err125 = {instancePath:instancePath+"/spec/rules/" + i1+"/to/" + i11+"/notHosts/" + i15,keyword:"minLength",params:{limit: 1}};
if(vErrors === null){
vErrors = [err125];
}
else {
vErrors.push(err125);
}
errors++;
}
if(!pattern10.test(data42)){
const err126 = {instancePath:instancePath+"/spec/rules/" + i1+"/to/" + i11+"/notHosts/" + i15,keyword:"pattern",params:{pattern: "^(\\*|\\*?[A-Za-z0-9._:\\[\\]-]+|[A-Za-z0-9._:\\[\\]-]+\\*)$"}};
if(vErrors === null){
vErrors = [err126];
}
else {
vErrors.push(err126);
}
errors++;
}
}
else {
const err127 = {instancePath:instancePath+"/spec/rules/" + i1+"/to/" + i11+"/notHosts/" + i15,keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err127];
}
else {
vErrors.push(err127);
}
errors++;
}
}
}
else {
const err128 = {instancePath:instancePath+"/spec/rules/" + i1+"/to/" + i11+"/notHosts",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err128];
}
else {
vErrors.push(err128);
}
errors++;
}
}
if(data34.methods !== undefined){
let data43 = data34.methods;
if(Array.isArray(data43)){
if(data43.length > 64){
const err129 = {instancePath:instancePath+"/spec/rules/" + i1+"/to/" + i11+"/methods",keyword:"maxItems",params:{limit: 64}};
if(vErrors === null){
vErrors = [err129];
}
else {
vErrors.push(err129);
}
errors++;
}
if(data43.length < 1){
const err130 = {instancePath:instancePath+"/spec/rules/" + i1+"/to/" + i11+"/methods",keyword:"minItems",params:{limit: 1}};
if(vErrors === null){
vErrors = [err130];
}
else {
vErrors.push(err130);
}
errors++;
}
const len16 = data43.length;
for(let i16=0; i16<len16; i16++){
let data44 = data43[i16];
if(typeof data44 === "string"){
if(func2(data44) > 32){
const err131 = {instancePath:instancePath+"/spec/rules/" + i1+"/to/" + i11+"/methods/" + i16,keyword:"maxLength",params:{limit: 32}};
if(vErrors === null){
vErrors = [err131];
}
else {
vErrors.push(err131);
}
errors++;
}
if(func2(data44) < 1){
const err132 = {instancePath:instancePath+"/spec/rules/" + i1+"/to/" + i11+"/methods/" + i16,keyword:"minLength",params:{limit: 1}};
if(vErrors === null){
vErrors = [err132];
}
else {
vErrors.push(err132);
}
errors++;
}
if(!pattern12.test(data44)){
const err133 = {instancePath:instancePath+"/spec/rules/" + i1+"/to/" + i11+"/methods/" + i16,keyword:"pattern",params:{pattern: "^[A-Z][A-Z0-9_-]*$"}};
if(vErrors === null){
vErrors = [err133];
}
else {
vErrors.push(err133);
}
errors++;
}
}
else {
const err134 = {instancePath:instancePath+"/spec/rules/" + i1+"/to/" + i11+"/methods/" + i16,keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err134];
}
else {
vErrors.push(err134);
}
errors++;
}
}
}
else {
const err135 = {instancePath:instancePath+"/spec/rules/" + i1+"/to/" + i11+"/methods",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err135];
}
else {
vErrors.push(err135);
}
errors++;
}
}
if(data34.notMethods !== undefined){
let data45 = data34.notMethods;
if(Array.isArray(data45)){
if(data45.length > 64){
const err136 = {instancePath:instancePath+"/spec/rules/" + i1+"/to/" + i11+"/notMethods",keyword:"maxItems",params:{limit: 64}};
if(vErrors === null){
vErrors = [err136];
}
else {
vErrors.push(err136);
}
errors++;
}
if(data45.length < 1){
const err137 = {instancePath:instancePath+"/spec/rules/" + i1+"/to/" + i11+"/notMethods",keyword:"minItems",params:{limit: 1}};
if(vErrors === null){
vErrors = [err137];
}
else {
vErrors.push(err137);
}
errors++;
}
const len17 = data45.length;
for(let i17=0; i17<len17; i17++){
let data46 = data45[i17];
if(typeof data46 === "string"){
if(func2(data46) > 32){
const err138 = {instancePath:instancePath+"/spec/rules/" + i1+"/to/" + i11+"/notMethods/" + i17,keyword:"maxLength",params:{limit: 32}};
if(vErrors === null){
vErrors = [err138];
}
else {
vErrors.push(err138);
}
errors++;
}
if(func2(data46) < 1){
const err139 = {instancePath:instancePath+"/spec/rules/" + i1+"/to/" + i11+"/notMethods/" + i17,keyword:"minLength",params:{limit: 1}};
if(vErrors === null){
vErrors = [err139];
}
else {
vErrors.push(err139);
}
errors++;
}
if(!pattern12.test(data46)){
const err140 = {instancePath:instancePath+"/spec/rules/" + i1+"/to/" + i11+"/notMethods/" + i17,keyword:"pattern",params:{pattern: "^[A-Z][A-Z0-9_-]*$"}};
if(vErrors === null){
vErrors = [err140];
}
else {
vErrors.push(err140);
}
errors++;
}
}
else {
const err141 = {instancePath:instancePath+"/spec/rules/" + i1+"/to/" + i11+"/notMethods/" + i17,keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err141];
}
else {
vErrors.push(err141);
}
errors++;
}
}
}
else {
const err142 = {instancePath:instancePath+"/spec/rules/" + i1+"/to/" + i11+"/notMethods",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err142];
}
else {
vErrors.push(err142);
}
errors++;
}
}
if(data34.paths !== undefined){
let data47 = data34.paths;
if(Array.isArray(data47)){
if(data47.length > 64){
const err143 = {instancePath:instancePath+"/spec/rules/" + i1+"/to/" + i11+"/paths",keyword:"maxItems",params:{limit: 64}};
if(vErrors === null){
vErrors = [err143];
}
else {
vErrors.push(err143);
}
errors++;
}
if(data47.length < 1){
const err144 = {instancePath:instancePath+"/spec/rules/" + i1+"/to/" + i11+"/paths",keyword:"minItems",params:{limit: 1}};
if(vErrors === null){
vErrors = [err144];
}
else {
vErrors.push(err144);
}
errors++;
}
const len18 = data47.length;
for(let i18=0; i18<len18; i18++){
let data48 = data47[i18];
if(typeof data48 === "string"){
if(func2(data48) > 1024){
const err145 = {instancePath:instancePath+"/spec/rules/" + i1+"/to/" + i11+"/paths/" + i18,keyword:"maxLength",params:{limit: 1024}};
if(vErrors === null){
vErrors = [err145];
}
else {
vErrors.push(err145);
}
errors++;
}
if(func2(data48) < 1){
const err146 = {instancePath:instancePath+"/spec/rules/" + i1+"/to/" + i11+"/paths/" + i18,keyword:"minLength",params:{limit: 1}};
if(vErrors === null){
vErrors = [err146];
}
else {
vErrors.push(err146);
}
errors++;
}
if(!pattern14.test(data48)){
const err147 = {instancePath:instancePath+"/spec/rules/" + i1+"/to/" + i11+"/paths/" + i18,keyword:"pattern",params:{pattern: "^(\\*[A-Za-z0-9._~!$&'()+,;=:@%|/-]*|/[A-Za-z0-9._~!$&'()+,;=:@%|/-]*\\*?|(/([A-Za-z0-9._~!$&'()+,;=:@%|-]+|\\{\\*\\}))+(/|/\\{\\*\\*\\})?|/\\{\\*\\*\\})$"}};
if(vErrors === null){
vErrors = [err147];
}
else {
vErrors.push(err147);
}
errors++;
}
}
else {
const err148 = {instancePath:instancePath+"/spec/rules/" + i1+"/to/" + i11+"/paths/" + i18,keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err148];
}
else {
vErrors.push(err148);
}
errors++;
}
}
}
else {
const err149 = {instancePath:instancePath+"/spec/rules/" + i1+"/to/" + i11+"/paths",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err149];
}
else {
vErrors.push(err149);
}
errors++;
}
}
if(data34.notPaths !== undefined){
let data49 = data34.notPaths;
if(Array.isArray(data49)){
if(data49.length > 64){
const err150 = {instancePath:instancePath+"/spec/rules/" + i1+"/to/" + i11+"/notPaths",keyword:"maxItems",params:{limit: 64}};
if(vErrors === null){
vErrors = [err150];
}
else {
vErrors.push(err150);
}
errors++;
}
if(data49.length < 1){
const err151 = {instancePath:instancePath+"/spec/rules/" + i1+"/to/" + i11+"/notPaths",keyword:"minItems",params:{limit: 1}};
if(vErrors === null){
vErrors = [err151];
}
else {
vErrors.push(err151);
}
errors++;
}
const len19 = data49.length;
for(let i19=0; i19<len19; i19++){
let data50 = data49[i19];
if(typeof data50 === "string"){
if(func2(data50) > 1024){
const err152 = {instancePath:instancePath+"/spec/rules/" + i1+"/to/" + i11+"/notPaths/" + i19,keyword:"maxLength",params:{limit: 1024}};
if(vErrors === null){
vErrors = [err152];
}
else {
vErrors.push(err152);
}
errors++;
}
if(func2(data50) < 1){
const err153 = {instancePath:instancePath+"/spec/rules/" + i1+"/to/" + i11+"/notPaths/" + i19,keyword:"minLength",params:{limit: 1}};
if(vErrors === null){
vErrors = [err153];
}
else {
vErrors.push(err153);
}
errors++;
}
if(!pattern14.test(data50)){
const err154 = {instancePath:instancePath+"/spec/rules/" + i1+"/to/" + i11+"/notPaths/" + i19,keyword:"pattern",params:{pattern: "^(\\*[A-Za-z0-9._~!$&'()+,;=:@%|/-]*|/[A-Za-z0-9._~!$&'()+,;=:@%|/-]*\\*?|(/([A-Za-z0-9._~!$&'()+,;=:@%|-]+|\\{\\*\\}))+(/|/\\{\\*\\*\\})?|/\\{\\*\\*\\})$"}};
if(vErrors === null){
vErrors = [err154];
}
else {
vErrors.push(err154);
}
errors++;
}
}
else {
const err155 = {instancePath:instancePath+"/spec/rules/" + i1+"/to/" + i11+"/notPaths/" + i19,keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err155];
}
else {
vErrors.push(err155);
}
errors++;
}
}
}
else {
const err156 = {instancePath:instancePath+"/spec/rules/" + i1+"/to/" + i11+"/notPaths",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err156];
}
else {
vErrors.push(err156);
}
errors++;
}
}
if(data34.headers !== undefined){
let data51 = data34.headers;
if(Array.isArray(data51)){
if(data51.length > 16){
const err157 = {instancePath:instancePath+"/spec/rules/" + i1+"/to/" + i11+"/headers",keyword:"maxItems",params:{limit: 16}};
if(vErrors === null){
vErrors = [err157];
}
else {
vErrors.push(err157);
}
errors++;
}
if(data51.length < 1){
const err158 = {instancePath:instancePath+"/spec/rules/" + i1+"/to/" + i11+"/headers",keyword:"minItems",params:{limit: 1}};
if(vErrors === null){
vErrors = [err158];
}
else {
vErrors.push(err158);
}
errors++;
}
const len20 = data51.length;
for(let i20=0; i20<len20; i20++){
let data52 = data51[i20];
if(data52 && typeof data52 == "object" && !Array.isArray(data52)){
if(data52.name === undefined){
const err159 = {instancePath:instancePath+"/spec/rules/" + i1+"/to/" + i11+"/headers/" + i20,keyword:"required",params:{missingProperty: "name"}};
if(vErrors === null){
vErrors = [err159];
}
else {
vErrors.push(err159);
}
errors++;
}
if(data52.name !== undefined){
let data53 = data52.name;
if(typeof data53 === "string"){
if(func2(data53) > 256){
const err160 = {instancePath:instancePath+"/spec/rules/" + i1+"/to/" + i11+"/headers/" + i20+"/name",keyword:"maxLength",params:{limit: 256}};
if(vErrors === null){
vErrors = [err160];
}
else {
vErrors.push(err160);
}
errors++;
}
if(func2(data53) < 1){
const err161 = {instancePath:instancePath+"/spec/rules/" + i1+"/to/" + i11+"/headers/" + i20+"/name",keyword:"minLength",params:{limit: 1}};
if(vErrors === null){
vErrors = [err161];
}
else {
vErrors.push(err161);
}
errors++;
}
if(!pattern16.test(data53)){
const err162 = {instancePath:instancePath+"/spec/rules/" + i1+"/to/" + i11+"/headers/" + i20+"/name",keyword:"pattern",params:{pattern: "^[A-Za-z0-9!#$%&'*+.^_|~-]+$"}};
if(vErrors === null){
vErrors = [err162];
}
else {
vErrors.push(err162);
}
errors++;
}
}
else {
const err163 = {instancePath:instancePath+"/spec/rules/" + i1+"/to/" + i11+"/headers/" + i20+"/name",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err163];
}
else {
vErrors.push(err163);
}
errors++;
}
}
if(data52.type !== undefined){
let data54 = data52.type;
if(!((((((data54 === "Exact") || (data54 === "Prefix")) || (data54 === "Suffix")) || (data54 === "Contains")) || (data54 === "Present")) || (data54 === "Absent"))){
const err164 = {instancePath:instancePath+"/spec/rules/" + i1+"/to/" + i11+"/headers/" + i20+"/type",keyword:"enum",params:{allowedValues: schema11.properties.spec.properties.rules.items.properties.to.items.properties.headers.items.properties.type.enum}};
if(vErrors === null){
vErrors = [err164];
}
else {
vErrors.push(err164);
}
errors++;
}
if(typeof data54 === "string"){
if(func2(data54) > 16){
const err165 = {instancePath:instancePath+"/spec/rules/" + i1+"/to/" + i11+"/headers/" + i20+"/type",keyword:"maxLength",params:{limit: 16}};
if(vErrors === null){
vErrors = [err165];
}
else {
vErrors.push(err165);
}
errors++;
}
}
else {
const err166 = {instancePath:instancePath+"/spec/rules/" + i1+"/to/" + i11+"/headers/" + i20+"/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err166];
}
else {
vErrors.push(err166);
}
errors++;
}
}
if(data52.value !== undefined){
let data55 = data52.value;
if(typeof data55 === "string"){
if(func2(data55) > 1024){
const err167 = {instancePath:instancePath+"/spec/rules/" + i1+"/to/" + i11+"/headers/" + i20+"/value",keyword:"maxLength",params:{limit: 1024}};
if(vErrors === null){
vErrors = [err167];
}
else {
vErrors.push(err167);
}
errors++;
}
if(func2(data55) < 1){
const err168 = {instancePath:instancePath+"/spec/rules/" + i1+"/to/" + i11+"/headers/" + i20+"/value",keyword:"minLength",params:{limit: 1}};
if(vErrors === null){
vErrors = [err168];
}
else {
vErrors.push(err168);
}
errors++;
}
if(!pattern17.test(data55)){
const err169 = {instancePath:instancePath+"/spec/rules/" + i1+"/to/" + i11+"/headers/" + i20+"/value",keyword:"pattern",params:{pattern: "^[ -~]+$"}};
if(vErrors === null){
vErrors = [err169];
}
else {
vErrors.push(err169);
}
errors++;
}
}
else {
const err170 = {instancePath:instancePath+"/spec/rules/" + i1+"/to/" + i11+"/headers/" + i20+"/value",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err170];
}
else {
vErrors.push(err170);
}
errors++;
}
}
}
else {
const err171 = {instancePath:instancePath+"/spec/rules/" + i1+"/to/" + i11+"/headers/" + i20,keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err171];
}
else {
vErrors.push(err171);
}
errors++;
}
}
}
else {
const err172 = {instancePath:instancePath+"/spec/rules/" + i1+"/to/" + i11+"/headers",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err172];
}
else {
vErrors.push(err172);
}
errors++;
}
}
if(data34.notHeaders !== undefined){
let data56 = data34.notHeaders;
if(Array.isArray(data56)){
if(data56.length > 16){
const err173 = {instancePath:instancePath+"/spec/rules/" + i1+"/to/" + i11+"/notHeaders",keyword:"maxItems",params:{limit: 16}};
if(vErrors === null){
vErrors = [err173];
}
else {
vErrors.push(err173);
}
errors++;
}
if(data56.length < 1){
const err174 = {instancePath:instancePath+"/spec/rules/" + i1+"/to/" + i11+"/notHeaders",keyword:"minItems",params:{limit: 1}};
if(vErrors === null){
vErrors = [err174];
}
else {
vErrors.push(err174);
}
errors++;
}
const len21 = data56.length;
for(let i21=0; i21<len21; i21++){
let data57 = data56[i21];
if(data57 && typeof data57 == "object" && !Array.isArray(data57)){
if(data57.name === undefined){
const err175 = {instancePath:instancePath+"/spec/rules/" + i1+"/to/" + i11+"/notHeaders/" + i21,keyword:"required",params:{missingProperty: "name"}};
if(vErrors === null){
vErrors = [err175];
}
else {
vErrors.push(err175);
}
errors++;
}
if(data57.name !== undefined){
let data58 = data57.name;
if(typeof data58 === "string"){
if(func2(data58) > 256){
const err176 = {instancePath:instancePath+"/spec/rules/" + i1+"/to/" + i11+"/notHeaders/" + i21+"/name",keyword:"maxLength",params:{limit: 256}};
if(vErrors === null){
vErrors = [err176];
}
else {
vErrors.push(err176);
}
errors++;
}
if(func2(data58) < 1){
const err177 = {instancePath:instancePath+"/spec/rules/" + i1+"/to/" + i11+"/notHeaders/" + i21+"/name",keyword:"minLength",params:{limit: 1}};
if(vErrors === null){
vErrors = [err177];
}
else {
vErrors.push(err177);
}
errors++;
}
if(!pattern16.test(data58)){
const err178 = {instancePath:instancePath+"/spec/rules/" + i1+"/to/" + i11+"/notHeaders/" + i21+"/name",keyword:"pattern",params:{pattern: "^[A-Za-z0-9!#$%&'*+.^_|~-]+$"}};
if(vErrors === null){
vErrors = [err178];
}
else {
vErrors.push(err178);
}
errors++;
}
}
else {
const err179 = {instancePath:instancePath+"/spec/rules/" + i1+"/to/" + i11+"/notHeaders/" + i21+"/name",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err179];
}
else {
vErrors.push(err179);
}
errors++;
}
}
if(data57.type !== undefined){
let data59 = data57.type;
if(!((((((data59 === "Exact") || (data59 === "Prefix")) || (data59 === "Suffix")) || (data59 === "Contains")) || (data59 === "Present")) || (data59 === "Absent"))){
const err180 = {instancePath:instancePath+"/spec/rules/" + i1+"/to/" + i11+"/notHeaders/" + i21+"/type",keyword:"enum",params:{allowedValues: schema11.properties.spec.properties.rules.items.properties.to.items.properties.notHeaders.items.properties.type.enum}};
if(vErrors === null){
vErrors = [err180];
}
else {
vErrors.push(err180);
}
errors++;
}
if(typeof data59 === "string"){
if(func2(data59) > 16){
const err181 = {instancePath:instancePath+"/spec/rules/" + i1+"/to/" + i11+"/notHeaders/" + i21+"/type",keyword:"maxLength",params:{limit: 16}};
if(vErrors === null){
vErrors = [err181];
}
else {
vErrors.push(err181);
}
errors++;
}
}
else {
const err182 = {instancePath:instancePath+"/spec/rules/" + i1+"/to/" + i11+"/notHeaders/" + i21+"/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err182];
}
else {
vErrors.push(err182);
}
errors++;
}
}
if(data57.value !== undefined){
let data60 = data57.value;
if(typeof data60 === "string"){
if(func2(data60) > 1024){
const err183 = {instancePath:instancePath+"/spec/rules/" + i1+"/to/" + i11+"/notHeaders/" + i21+"/value",keyword:"maxLength",params:{limit: 1024}};
if(vErrors === null){
vErrors = [err183];
}
else {
vErrors.push(err183);
}
errors++;
}
if(func2(data60) < 1){
const err184 = {instancePath:instancePath+"/spec/rules/" + i1+"/to/" + i11+"/notHeaders/" + i21+"/value",keyword:"minLength",params:{limit: 1}};
if(vErrors === null){
vErrors = [err184];
}
else {
vErrors.push(err184);
}
errors++;
}
if(!pattern17.test(data60)){
const err185 = {instancePath:instancePath+"/spec/rules/" + i1+"/to/" + i11+"/notHeaders/" + i21+"/value",keyword:"pattern",params:{pattern: "^[ -~]+$"}};
if(vErrors === null){
vErrors = [err185];
}
else {
vErrors.push(err185);
}
errors++;
}
}
else {
const err186 = {instancePath:instancePath+"/spec/rules/" + i1+"/to/" + i11+"/notHeaders/" + i21+"/value",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err186];
}
else {
vErrors.push(err186);
}
errors++;
}
}
}
else {
const err187 = {instancePath:instancePath+"/spec/rules/" + i1+"/to/" + i11+"/notHeaders/" + i21,keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err187];
}
else {
vErrors.push(err187);
}
errors++;
}
}
}
else {
const err188 = {instancePath:instancePath+"/spec/rules/" + i1+"/to/" + i11+"/notHeaders",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err188];
}
else {
vErrors.push(err188);
}
errors++;
}
}
if(data34.grpc !== undefined){
let data61 = data34.grpc;
if(Array.isArray(data61)){
if(data61.length > 64){
const err189 = {instancePath:instancePath+"/spec/rules/" + i1+"/to/" + i11+"/grpc",keyword:"maxItems",params:{limit: 64}};
if(vErrors === null){
vErrors = [err189];
}
else {
vErrors.push(err189);
}
errors++;
}
if(data61.length < 1){
const err190 = {instancePath:instancePath+"/spec/rules/" + i1+"/to/" + i11+"/grpc",keyword:"minItems",params:{limit: 1}};
if(vErrors === null){
vErrors = [err190];
}
else {
vErrors.push(err190);
}
errors++;
}
const len22 = data61.length;
for(let i22=0; i22<len22; i22++){
let data62 = data61[i22];
if(data62 && typeof data62 == "object" && !Array.isArray(data62)){
if(data62.service === undefined){
const err191 = {instancePath:instancePath+"/spec/rules/" + i1+"/to/" + i11+"/grpc/" + i22,keyword:"required",params:{missingProperty: "service"}};
if(vErrors === null){
vErrors = [err191];
}
else {
vErrors.push(err191);
}
errors++;
}
if(data62.service !== undefined){
let data63 = data62.service;
if(typeof data63 === "string"){
if(func2(data63) > 512){
const err192 = {instancePath:instancePath+"/spec/rules/" + i1+"/to/" + i11+"/grpc/" + i22+"/service",keyword:"maxLength",params:{limit: 512}};
if(vErrors === null){
vErrors = [err192];
}
else {
vErrors.push(err192);
}
errors++;
}
if(func2(data63) < 1){
const err193 = {instancePath:instancePath+"/spec/rules/" + i1+"/to/" + i11+"/grpc/" + i22+"/service",keyword:"minLength",params:{limit: 1}};
if(vErrors === null){
vErrors = [err193];
}
else {
vErrors.push(err193);
}
errors++;
}
if(!pattern20.test(data63)){
const err194 = {instancePath:instancePath+"/spec/rules/" + i1+"/to/" + i11+"/grpc/" + i22+"/service",keyword:"pattern",params:{pattern: "^[A-Za-z_][A-Za-z0-9_]*([.][A-Za-z_][A-Za-z0-9_]*)*$"}};
if(vErrors === null){
vErrors = [err194];
}
else {
vErrors.push(err194);
}
errors++;
}
}
else {
const err195 = {instancePath:instancePath+"/spec/rules/" + i1+"/to/" + i11+"/grpc/" + i22+"/service",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err195];
}
else {
vErrors.push(err195);
}
errors++;
}
}
if(data62.method !== undefined){
let data64 = data62.method;
if(typeof data64 === "string"){
if(func2(data64) > 256){
const err196 = {instancePath:instancePath+"/spec/rules/" + i1+"/to/" + i11+"/grpc/" + i22+"/method",keyword:"maxLength",params:{limit: 256}};
if(vErrors === null){
vErrors = [err196];
}
else {
vErrors.push(err196);
}
errors++;
}
if(func2(data64) < 1){
const err197 = {instancePath:instancePath+"/spec/rules/" + i1+"/to/" + i11+"/grpc/" + i22+"/method",keyword:"minLength",params:{limit: 1}};
if(vErrors === null){
vErrors = [err197];
}
else {
vErrors.push(err197);
}
errors++;
}
if(!pattern21.test(data64)){
const err198 = {instancePath:instancePath+"/spec/rules/" + i1+"/to/" + i11+"/grpc/" + i22+"/method",keyword:"pattern",params:{pattern: "^[A-Za-z_][A-Za-z0-9_]*$"}};
if(vErrors === null){
vErrors = [err198];
}
else {
vErrors.push(err198);
}
errors++;
}
}
else {
const err199 = {instancePath:instancePath+"/spec/rules/" + i1+"/to/" + i11+"/grpc/" + i22+"/method",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err199];
}
else {
vErrors.push(err199);
}
errors++;
}
}
}
else {
const err200 = {instancePath:instancePath+"/spec/rules/" + i1+"/to/" + i11+"/grpc/" + i22,keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err200];
}
else {
vErrors.push(err200);
}
errors++;
}
}
}
else {
const err201 = {instancePath:instancePath+"/spec/rules/" + i1+"/to/" + i11+"/grpc",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err201];
}
else {
vErrors.push(err201);
}
errors++;
}
}
}
else {
const err202 = {instancePath:instancePath+"/spec/rules/" + i1+"/to/" + i11,keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err202];
}
else {
vErrors.push(err202);
}
errors++;
}
}
}
else {
const err203 = {instancePath:instancePath+"/spec/rules/" + i1+"/to",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err203];
}
else {
vErrors.push(err203);
}
errors++;
}
}
}
else {
const err204 = {instancePath:instancePath+"/spec/rules/" + i1,keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err204];
}
else {
vErrors.push(err204);
}
errors++;
}
}
}
else {
const err205 = {instancePath:instancePath+"/spec/rules",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err205];
}
else {
vErrors.push(err205);
}
errors++;
}
}
}
else {
const err206 = {instancePath:instancePath+"/spec",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err206];
}
else {
vErrors.push(err206);
}
errors++;
}
}
}
else {
const err207 = {instancePath,keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err207];
}
else {
vErrors.push(err207);
}
errors++;
}
validate10.errors = vErrors;
return errors === 0;
}

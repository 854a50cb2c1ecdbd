// @ts-nocheck
// Generated from crds/ by operator/api/generate/main.ts. Do not edit.
export const validate = validate10;

const schema11 = {"type":"object","required":["spec"],"properties":{"spec":{"type":"object","properties":{"targetRefs":{"type":"array","minItems":1,"maxItems":16,"items":{"type":"object","required":["kind","name"],"properties":{"group":{"type":"string","maxLength":253,"enum":[""]},"kind":{"type":"string","maxLength":63,"enum":["Service"]},"name":{"type":"string","minLength":1,"maxLength":63,"pattern":"^[a-z]([-a-z0-9]*[a-z0-9])?$"},"sectionName":{"type":"string","minLength":1,"maxLength":63,"pattern":"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"}}}},"selector":{"type":"object","required":["matchLabels"],"properties":{"matchLabels":{"type":"object","minProperties":1,"maxProperties":16,"additionalProperties":{"type":"string","maxLength":63,"pattern":"^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$"}}}},"mtls":{"type":"object","minProperties":1,"properties":{"mode":{"type":"string","maxLength":16,"enum":["Strict","Permissive","Disabled"]},"ports":{"type":"array","minItems":1,"maxItems":32,"items":{"type":"object","required":["port","mode"],"properties":{"port":{"type":"integer","minimum":1,"maximum":65535},"mode":{"type":"string","maxLength":16,"enum":["Strict","Permissive","Disabled"]}}}}}},"networkPolicy":{"type":"string","maxLength":16,"enum":["Generate","Disabled"]},"timeouts":{"type":"object","minProperties":1,"properties":{"request":{"type":"string","maxLength":28,"pattern":"^([0-9]{1,5}(h|m|s|ms)){1,4}$"},"perTry":{"type":"string","maxLength":28,"pattern":"^([0-9]{1,5}(h|m|s|ms)){1,4}$"},"idle":{"type":"string","maxLength":28,"pattern":"^([0-9]{1,5}(h|m|s|ms)){1,4}$"}}},"retries":{"type":"object","minProperties":1,"properties":{"attempts":{"type":"integer","minimum":0,"maximum":10},"conditions":{"type":"array","minItems":1,"maxItems":16,"items":{"type":"string","maxLength":32,"enum":["ServerError","GatewayError","Retriable4xx","Reset","ConnectFailure","RefusedStream","Cancelled","DeadlineExceeded","Internal","ResourceExhausted","Unavailable"]}},"statusCodes":{"type":"array","minItems":1,"maxItems":32,"items":{"type":"integer","minimum":400,"maximum":599}},"backoff":{"type":"object","required":["base"],"properties":{"base":{"type":"string","maxLength":28,"pattern":"^([0-9]{1,5}(h|m|s|ms)){1,4}$"},"max":{"type":"string","maxLength":28,"pattern":"^([0-9]{1,5}(h|m|s|ms)){1,4}$"}}},"budget":{"type":"object","required":["percent"],"properties":{"percent":{"type":"number","minimum":0,"maximum":100},"minConcurrent":{"type":"integer","minimum":0,"maximum":1000000}}}}},"circuitBreaker":{"type":"object","minProperties":1,"properties":{"maxConnections":{"type":"integer","minimum":1,"maximum":2147483647},"maxPendingRequests":{"type":"integer","minimum":1,"maximum":2147483647},"maxRequests":{"type":"integer","minimum":1,"maximum":2147483647},"maxRetries":{"type":"integer","minimum":0,"maximum":2147483647},"maxRequestsPerConnection":{"type":"integer","minimum":1,"maximum":2147483647},"outlierDetection":{"type":"object","properties":{"consecutiveErrors":{"type":"integer","minimum":0,"maximum":1000000},"consecutiveGatewayErrors":{"type":"integer","minimum":0,"maximum":1000000},"interval":{"type":"string","maxLength":28,"pattern":"^([0-9]{1,5}(h|m|s|ms)){1,4}$"},"baseEjectionTime":{"type":"string","maxLength":28,"pattern":"^([0-9]{1,5}(h|m|s|ms)){1,4}$"},"maxEjectionTime":{"type":"string","maxLength":28,"pattern":"^([0-9]{1,5}(h|m|s|ms)){1,4}$"},"maxEjectionPercent":{"type":"integer","minimum":0,"maximum":100},"minHealthyPercent":{"type":"integer","minimum":0,"maximum":100}}}}},"loadBalancer":{"type":"object","minProperties":1,"properties":{"algorithm":{"type":"string","maxLength":16,"enum":["LeastRequest","RoundRobin","Random","RingHash","Maglev"]},"hash":{"type":"object","properties":{"header":{"type":"string","minLength":1,"maxLength":256,"pattern":"^[A-Za-z0-9!#$%&'*+.^_|~-]+$"},"cookie":{"type":"object","required":["name"],"properties":{"name":{"type":"string","minLength":1,"maxLength":128,"pattern":"^[A-Za-z0-9!#$%&'*+.^_|~-]+$"},"path":{"type":"string","minLength":1,"maxLength":256,"pattern":"^/[A-Za-z0-9._~!$&'()*+,=:@%/-]*$"},"ttl":{"type":"string","maxLength":28,"pattern":"^([0-9]{1,5}(h|m|s|ms)){1,4}$"}}},"sourceIP":{"type":"boolean","enum":[true]}}},"ringHash":{"type":"object","minProperties":1,"properties":{"minimumSize":{"type":"integer","minimum":1,"maximum":8388608}}},"slowStart":{"type":"object","required":["window"],"properties":{"window":{"type":"string","maxLength":28,"pattern":"^([0-9]{1,5}(h|m|s|ms)){1,4}$"},"aggression":{"type":"number","minimum":0.1,"maximum":10},"minWeightPercent":{"type":"number","minimum":0,"maximum":100}}},"locality":{"type":"object","minProperties":1,"properties":{"preference":{"type":"string","maxLength":16,"enum":["None","Zone","Region"]},"failover":{"type":"string","maxLength":16,"enum":["Any","Region","Never"]},"failoverThreshold":{"type":"integer","minimum":1,"maximum":100}}}}},"connection":{"type":"object","minProperties":1,"properties":{"connectTimeout":{"type":"string","maxLength":28,"pattern":"^([0-9]{1,5}(h|m|s|ms)){1,4}$"},"idleTimeout":{"type":"string","maxLength":28,"pattern":"^([0-9]{1,5}(h|m|s|ms)){1,4}$"},"maxDuration":{"type":"string","maxLength":28,"pattern":"^([0-9]{1,5}(h|m|s|ms)){1,4}$"},"tcpKeepalive":{"type":"object","properties":{"probes":{"type":"integer","minimum":1,"maximum":127},"time":{"type":"string","maxLength":28,"pattern":"^([0-9]{1,5}(h|m|s|ms)){1,4}$"},"interval":{"type":"string","maxLength":28,"pattern":"^([0-9]{1,5}(h|m|s|ms)){1,4}$"}}},"http2":{"type":"object","minProperties":1,"properties":{"maxConcurrentStreams":{"type":"integer","minimum":1,"maximum":2147483647},"initialStreamWindowSize":{"type":"integer","minimum":65535,"maximum":2147483647},"initialConnectionWindowSize":{"type":"integer","minimum":65535,"maximum":2147483647}}}}},"fault":{"type":"object","minProperties":1,"properties":{"delay":{"type":"object","required":["duration"],"properties":{"percent":{"type":"number","minimum":0,"maximum":100},"duration":{"type":"string","maxLength":28,"pattern":"^([0-9]{1,5}(h|m|s|ms)){1,4}$"}}},"abort":{"type":"object","properties":{"percent":{"type":"number","minimum":0,"maximum":100},"httpStatus":{"type":"integer","minimum":200,"maximum":599},"grpcStatus":{"type":"string","maxLength":32,"enum":["Cancelled","Unknown","InvalidArgument","DeadlineExceeded","NotFound","AlreadyExists","PermissionDenied","ResourceExhausted","FailedPrecondition","Aborted","OutOfRange","Unimplemented","Internal","Unavailable","DataLoss","Unauthenticated"]}}}}}}}}};
const func2 = (text) => [...text].length;
const pattern0 = new RegExp("^[a-z]([-a-z0-9]*[a-z0-9])?$", "u");
const pattern1 = new RegExp("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$", "u");
const pattern2 = new RegExp("^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$", "u");
const pattern3 = new RegExp("^([0-9]{1,5}(h|m|s|ms)){1,4}$", "u");
const pattern11 = new RegExp("^[A-Za-z0-9!#$%&'*+.^_|~-]+$", "u");
const pattern13 = new RegExp("^/[A-Za-z0-9._~!$&'()*+,=:@%/-]*$", "u");

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
if(data0.targetRefs !== undefined){
let data1 = data0.targetRefs;
if(Array.isArray(data1)){
if(data1.length > 16){
const err1 = {instancePath:instancePath+"/spec/targetRefs",keyword:"maxItems",params:{limit: 16}};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
if(data1.length < 1){
const err2 = {instancePath:instancePath+"/spec/targetRefs",keyword:"minItems",params:{limit: 1}};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
const len0 = data1.length;
for(let i0=0; i0<len0; i0++){
let data2 = data1[i0];
if(data2 && typeof data2 == "object" && !Array.isArray(data2)){
if(data2.kind === undefined){
const err3 = {instancePath:instancePath+"/spec/targetRefs/" + i0,keyword:"required",params:{missingProperty: "kind"}};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
if(data2.name === undefined){
const err4 = {instancePath:instancePath+"/spec/targetRefs/" + i0,keyword:"required",params:{missingProperty: "name"}};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
if(data2.group !== undefined){
let data3 = data2.group;
if(!(data3 === "")){
const err5 = {instancePath:instancePath+"/spec/targetRefs/" + i0+"/group",keyword:"enum",params:{allowedValues: schema11.properties.spec.properties.targetRefs.items.properties.group.enum}};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
if(typeof data3 === "string"){
if(func2(data3) > 253){
const err6 = {instancePath:instancePath+"/spec/targetRefs/" + i0+"/group",keyword:"maxLength",params:{limit: 253}};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
else {
const err7 = {instancePath:instancePath+"/spec/targetRefs/" + i0+"/group",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
}
if(data2.kind !== undefined){
let data4 = data2.kind;
if(!(data4 === "Service")){
const err8 = {instancePath:instancePath+"/spec/targetRefs/" + i0+"/kind",keyword:"enum",params:{allowedValues: schema11.properties.spec.properties.targetRefs.items.properties.kind.enum}};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
if(typeof data4 === "string"){
if(func2(data4) > 63){
const err9 = {instancePath:instancePath+"/spec/targetRefs/" + i0+"/kind",keyword:"maxLength",params:{limit: 63}};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
}
else {
const err10 = {instancePath:instancePath+"/spec/targetRefs/" + i0+"/kind",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
}
if(data2.name !== undefined){
let data5 = data2.name;
if(typeof data5 === "string"){
if(func2(data5) > 63){
const err11 = {instancePath:instancePath+"/spec/targetRefs/" + i0+"/name",keyword:"maxLength",params:{limit: 63}};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
if(func2(data5) < 1){
const err12 = {instancePath:instancePath+"/spec/targetRefs/" + i0+"/name",keyword:"minLength",params:{limit: 1}};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
if(!pattern0.test(data5)){
const err13 = {instancePath:instancePath+"/spec/targetRefs/" + i0+"/name",keyword:"pattern",params:{pattern: "^[a-z]([-a-z0-9]*[a-z0-9])?$"}};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
}
else {
const err14 = {instancePath:instancePath+"/spec/targetRefs/" + i0+"/name",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
}
if(data2.sectionName !== undefined){
let data6 = data2.sectionName;
if(typeof data6 === "string"){
if(func2(data6) > 63){
const err15 = {instancePath:instancePath+"/spec/targetRefs/" + i0+"/sectionName",keyword:"maxLength",params:{limit: 63}};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
if(func2(data6) < 1){
const err16 = {instancePath:instancePath+"/spec/targetRefs/" + i0+"/sectionName",keyword:"minLength",params:{limit: 1}};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
if(!pattern1.test(data6)){
const err17 = {instancePath:instancePath+"/spec/targetRefs/" + i0+"/sectionName",keyword:"pattern",params:{pattern: "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"}};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
}
else {
const err18 = {instancePath:instancePath+"/spec/targetRefs/" + i0+"/sectionName",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
}
}
else {
const err19 = {instancePath:instancePath+"/spec/targetRefs/" + i0,keyword:"type",params:{type: "object"}};
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
const err20 = {instancePath:instancePath+"/spec/targetRefs",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
}
if(data0.selector !== undefined){
let data7 = data0.selector;
if(data7 && typeof data7 == "object" && !Array.isArray(data7)){
if(data7.matchLabels === undefined){
const err21 = {instancePath:instancePath+"/spec/selector",keyword:"required",params:{missingProperty: "matchLabels"}};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
if(data7.matchLabels !== undefined){
let data8 = data7.matchLabels;
if(data8 && typeof data8 == "object" && !Array.isArray(data8)){
if(Object.keys(data8).length > 16){
const err22 = {instancePath:instancePath+"/spec/selector/matchLabels",keyword:"maxProperties",params:{limit: 16}};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
if(Object.keys(data8).length < 1){
const err23 = {instancePath:instancePath+"/spec/selector/matchLabels",keyword:"minProperties",params:{limit: 1}};
if(vErrors === null){
vErrors = [err23];
}
else {
vErrors.push(err23);
}
errors++;
}
for(const key0 in data8){
let data9 = data8[key0];
if(typeof data9 === "string"){
if(func2(data9) > 63){
const err24 = {instancePath:instancePath+"/spec/selector/matchLabels/" + key0.replace(/~/g, "~0").replace(/\//g, "~1"),keyword:"maxLength",params:{limit: 63}};
if(vErrors === null){
vErrors = [err24];
}
else {
vErrors.push(err24);
}
errors++;
}
if(!pattern2.test(data9)){
const err25 = {instancePath:instancePath+"/spec/selector/matchLabels/" + key0.replace(/~/g, "~0").replace(/\//g, "~1"),keyword:"pattern",params:{pattern: "^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$"}};
if(vErrors === null){
vErrors = [err25];
}
else {
vErrors.push(err25);
}
errors++;
}
}
else {
const err26 = {instancePath:instancePath+"/spec/selector/matchLabels/" + key0.replace(/~/g, "~0").replace(/\//g, "~1"),keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err26];
}
else {
vErrors.push(err26);
}
errors++;
}
}
}
else {
const err27 = {instancePath:instancePath+"/spec/selector/matchLabels",keyword:"type",params:{type: "object"}};
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
const err28 = {instancePath:instancePath+"/spec/selector",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err28];
}
else {
vErrors.push(err28);
}
errors++;
}
}
if(data0.mtls !== undefined){
let data10 = data0.mtls;
if(data10 && typeof data10 == "object" && !Array.isArray(data10)){
if(Object.keys(data10).length < 1){
const err29 = {instancePath:instancePath+"/spec/mtls",keyword:"minProperties",params:{limit: 1}};
if(vErrors === null){
vErrors = [err29];
}
else {
vErrors.push(err29);
}
errors++;
}
if(data10.mode !== undefined){
let data11 = data10.mode;
if(!(((data11 === "Strict") || (data11 === "Permissive")) || (data11 === "Disabled"))){
const err30 = {instancePath:instancePath+"/spec/mtls/mode",keyword:"enum",params:{allowedValues: schema11.properties.spec.properties.mtls.properties.mode.enum}};
if(vErrors === null){
vErrors = [err30];
}
else {
vErrors.push(err30);
}
errors++;
}
if(typeof data11 === "string"){
if(func2(data11) > 16){
const err31 = {instancePath:instancePath+"/spec/mtls/mode",keyword:"maxLength",params:{limit: 16}};
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
const err32 = {instancePath:instancePath+"/spec/mtls/mode",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err32];
}
else {
vErrors.push(err32);
}
errors++;
}
}
if(data10.ports !== undefined){
let data12 = data10.ports;
if(Array.isArray(data12)){
if(data12.length > 32){
const err33 = {instancePath:instancePath+"/spec/mtls/ports",keyword:"maxItems",params:{limit: 32}};
if(vErrors === null){
vErrors = [err33];
}
else {
vErrors.push(err33);
}
errors++;
}
if(data12.length < 1){
const err34 = {instancePath:instancePath+"/spec/mtls/ports",keyword:"minItems",params:{limit: 1}};
if(vErrors === null){
vErrors = [err34];
}
else {
vErrors.push(err34);
}
errors++;
}
const len1 = data12.length;
for(let i1=0; i1<len1; i1++){
let data13 = data12[i1];
if(data13 && typeof data13 == "object" && !Array.isArray(data13)){
if(data13.port === undefined){
const err35 = {instancePath:instancePath+"/spec/mtls/ports/" + i1,keyword:"required",params:{missingProperty: "port"}};
if(vErrors === null){
vErrors = [err35];
}
else {
vErrors.push(err35);
}
errors++;
}
if(data13.mode === undefined){
const err36 = {instancePath:instancePath+"/spec/mtls/ports/" + i1,keyword:"required",params:{missingProperty: "mode"}};
if(vErrors === null){
vErrors = [err36];
}
else {
vErrors.push(err36);
}
errors++;
}
if(data13.port !== undefined){
let data14 = data13.port;
if(!((typeof data14 == "number") && (!(data14 % 1) && !isNaN(data14)))){
const err37 = {instancePath:instancePath+"/spec/mtls/ports/" + i1+"/port",keyword:"type",params:{type: "integer"}};
if(vErrors === null){
vErrors = [err37];
}
else {
vErrors.push(err37);
}
errors++;
}
if(typeof data14 == "number"){
if(data14 > 65535 || isNaN(data14)){
const err38 = {instancePath:instancePath+"/spec/mtls/ports/" + i1+"/port",keyword:"maximum",params:{comparison: "<=", limit: 65535}};
if(vErrors === null){
vErrors = [err38];
}
else {
vErrors.push(err38);
}
errors++;
}
if(data14 < 1 || isNaN(data14)){
const err39 = {instancePath:instancePath+"/spec/mtls/ports/" + i1+"/port",keyword:"minimum",params:{comparison: ">=", limit: 1}};
if(vErrors === null){
vErrors = [err39];
}
else {
vErrors.push(err39);
}
errors++;
}
}
}
if(data13.mode !== undefined){
let data15 = data13.mode;
if(!(((data15 === "Strict") || (data15 === "Permissive")) || (data15 === "Disabled"))){
const err40 = {instancePath:instancePath+"/spec/mtls/ports/" + i1+"/mode",keyword:"enum",params:{allowedValues: schema11.properties.spec.properties.mtls.properties.ports.items.properties.mode.enum}};
if(vErrors === null){
vErrors = [err40];
}
else {
vErrors.push(err40);
}
errors++;
}
if(typeof data15 === "string"){
if(func2(data15) > 16){
const err41 = {instancePath:instancePath+"/spec/mtls/ports/" + i1+"/mode",keyword:"maxLength",params:{limit: 16}};
if(vErrors === null){
vErrors = [err41];
}
else {
vErrors.push(err41);
}
errors++;
}
}
else {
const err42 = {instancePath:instancePath+"/spec/mtls/ports/" + i1+"/mode",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err42];
}
else {
vErrors.push(err42);
}
errors++;
}
}
}
else {
const err43 = {instancePath:instancePath+"/spec/mtls/ports/" + i1,keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err43];
}
else {
vErrors.push(err43);
}
errors++;
}
}
}
else {
const err44 = {instancePath:instancePath+"/spec/mtls/ports",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err44];
}
else {
vErrors.push(err44);
}
errors++;
}
}
}
else {
const err45 = {instancePath:instancePath+"/spec/mtls",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err45];
}
else {
vErrors.push(err45);
}
errors++;
}
}
if(data0.networkPolicy !== undefined){
let data16 = data0.networkPolicy;
if(!((data16 === "Generate") || (data16 === "Disabled"))){
const err46 = {instancePath:instancePath+"/spec/networkPolicy",keyword:"enum",params:{allowedValues: schema11.properties.spec.properties.networkPolicy.enum}};
if(vErrors === null){
vErrors = [err46];
}
else {
vErrors.push(err46);
}
errors++;
}
if(typeof data16 === "string"){
if(func2(data16) > 16){
const err47 = {instancePath:instancePath+"/spec/networkPolicy",keyword:"maxLength",params:{limit: 16}};
if(vErrors === null){
vErrors = [err47];
}
else {
vErrors.push(err47);
}
errors++;
}
}
else {
const err48 = {instancePath:instancePath+"/spec/networkPolicy",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err48];
}
else {
vErrors.push(err48);
}
errors++;
}
}
if(data0.timeouts !== undefined){
let data17 = data0.timeouts;
if(data17 && typeof data17 == "object" && !Array.isArray(data17)){
if(Object.keys(data17).length < 1){
const err49 = {instancePath:instancePath+"/spec/timeouts",keyword:"minProperties",params:{limit: 1}};
if(vErrors === null){
vErrors = [err49];
}
else {
vErrors.push(err49);
}
errors++;
}
if(data17.request !== undefined){
let data18 = data17.request;
if(typeof data18 === "string"){
if(func2(data18) > 28){
const err50 = {instancePath:instancePath+"/spec/timeouts/request",keyword:"maxLength",params:{limit: 28}};
if(vErrors === null){
vErrors = [err50];
}
else {
vErrors.push(err50);
}
errors++;
}
if(!pattern3.test(data18)){
const err51 = {instancePath:instancePath+"/spec/timeouts/request",keyword:"pattern",params:{pattern: "^([0-9]{1,5}(h|m|s|ms)){1,4}$"}};
if(vErrors === null){
vErrors = [err51];
}
else {
vErrors.push(err51);
}
errors++;
}
}
else {
const err52 = {instancePath:instancePath+"/spec/timeouts/request",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err52];
}
else {
vErrors.push(err52);
}
errors++;
}
}
if(data17.perTry !== undefined){
let data19 = data17.perTry;
if(typeof data19 === "string"){
if(func2(data19) > 28){
const err53 = {instancePath:instancePath+"/spec/timeouts/perTry",keyword:"maxLength",params:{limit: 28}};
if(vErrors === null){
vErrors = [err53];
}
else {
vErrors.push(err53);
}
errors++;
}
if(!pattern3.test(data19)){
const err54 = {instancePath:instancePath+"/spec/timeouts/perTry",keyword:"pattern",params:{pattern: "^([0-9]{1,5}(h|m|s|ms)){1,4}$"}};
if(vErrors === null){
vErrors = [err54];
}
else {
vErrors.push(err54);
}
errors++;
}
}
else {
const err55 = {instancePath:instancePath+"/spec/timeouts/perTry",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err55];
}
else {
vErrors.push(err55);
}
errors++;
}
}
if(data17.idle !== undefined){
let data20 = data17.idle;
if(typeof data20 === "string"){
if(func2(data20) > 28){
const err56 = {instancePath:instancePath+"/spec/timeouts/idle",keyword:"maxLength",params:{limit: 28}};
if(vErrors === null){
vErrors = [err56];
}
else {
vErrors.push(err56);
}
errors++;
}
if(!pattern3.test(data20)){
const err57 = {instancePath:instancePath+"/spec/timeouts/idle",keyword:"pattern",params:{pattern: "^([0-9]{1,5}(h|m|s|ms)){1,4}$"}};
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
const err58 = {instancePath:instancePath+"/spec/timeouts/idle",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err58];
}
else {
vErrors.push(err58);
}
errors++;
}
}
}
else {
const err59 = {instancePath:instancePath+"/spec/timeouts",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err59];
}
else {
vErrors.push(err59);
}
errors++;
}
}
if(data0.retries !== undefined){
let data21 = data0.retries;
if(data21 && typeof data21 == "object" && !Array.isArray(data21)){
if(Object.keys(data21).length < 1){
const err60 = {instancePath:instancePath+"/spec/retries",keyword:"minProperties",params:{limit: 1}};
if(vErrors === null){
vErrors = [err60];
}
else {
vErrors.push(err60);
}
errors++;
}
if(data21.attempts !== undefined){
let data22 = data21.attempts;
if(!((typeof data22 == "number") && (!(data22 % 1) && !isNaN(data22)))){
const err61 = {instancePath:instancePath+"/spec/retries/attempts",keyword:"type",params:{type: "integer"}};
if(vErrors === null){
vErrors = [err61];
}
else {
vErrors.push(err61);
}
errors++;
}
if(typeof data22 == "number"){
if(data22 > 10 || isNaN(data22)){
const err62 = {instancePath:instancePath+"/spec/retries/attempts",keyword:"maximum",params:{comparison: "<=", limit: 10}};
if(vErrors === null){
vErrors = [err62];
}
else {
vErrors.push(err62);
}
errors++;
}
if(data22 < 0 || isNaN(data22)){
const err63 = {instancePath:instancePath+"/spec/retries/attempts",keyword:"minimum",params:{comparison: ">=", limit: 0}};
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
if(data21.conditions !== undefined){
let data23 = data21.conditions;
if(Array.isArray(data23)){
if(data23.length > 16){
const err64 = {instancePath:instancePath+"/spec/retries/conditions",keyword:"maxItems",params:{limit: 16}};
if(vErrors === null){
vErrors = [err64];
}
else {
vErrors.push(err64);
}
errors++;
}
if(data23.length < 1){
const err65 = {instancePath:instancePath+"/spec/retries/conditions",keyword:"minItems",params:{limit: 1}};
if(vErrors === null){
vErrors = [err65];
}
else {
vErrors.push(err65);
}
errors++;
}
const len2 = data23.length;
for(let i2=0; i2<len2; i2++){
let data24 = data23[i2];
if(!(((((((((((data24 === "ServerError") || (data24 === "GatewayError")) || (data24 === "Retriable4xx")) || (data24 === "Reset")) || (data24 === "ConnectFailure")) || (data24 === "RefusedStream")) || (data24 === "Cancelled")) || (data24 === "DeadlineExceeded")) || (data24 === "Internal")) || (data24 === "ResourceExhausted")) || (data24 === "Unavailable"))){
const err66 = {instancePath:instancePath+"/spec/retries/conditions/" + i2,keyword:"enum",params:{allowedValues: schema11.properties.spec.properties.retries.properties.conditions.items.enum}};
if(vErrors === null){
vErrors = [err66];
}
else {
vErrors.push(err66);
}
errors++;
}
if(typeof data24 === "string"){
if(func2(data24) > 32){
const err67 = {instancePath:instancePath+"/spec/retries/conditions/" + i2,keyword:"maxLength",params:{limit: 32}};
if(vErrors === null){
vErrors = [err67];
}
else {
vErrors.push(err67);
}
errors++;
}
}
else {
const err68 = {instancePath:instancePath+"/spec/retries/conditions/" + i2,keyword:"type",params:{type: "string"}};
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
const err69 = {instancePath:instancePath+"/spec/retries/conditions",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err69];
}
else {
vErrors.push(err69);
}
errors++;
}
}
if(data21.statusCodes !== undefined){
let data25 = data21.statusCodes;
if(Array.isArray(data25)){
if(data25.length > 32){
const err70 = {instancePath:instancePath+"/spec/retries/statusCodes",keyword:"maxItems",params:{limit: 32}};
if(vErrors === null){
vErrors = [err70];
}
else {
vErrors.push(err70);
}
errors++;
}
if(data25.length < 1){
const err71 = {instancePath:instancePath+"/spec/retries/statusCodes",keyword:"minItems",params:{limit: 1}};
if(vErrors === null){
vErrors = [err71];
}
else {
vErrors.push(err71);
}
errors++;
}
const len3 = data25.length;
for(let i3=0; i3<len3; i3++){
let data26 = data25[i3];
if(!((typeof data26 == "number") && (!(data26 % 1) && !isNaN(data26)))){
const err72 = {instancePath:instancePath+"/spec/retries/statusCodes/" + i3,keyword:"type",params:{type: "integer"}};
if(vErrors === null){
vErrors = [err72];
}
else {
vErrors.push(err72);
}
errors++;
}
if(typeof data26 == "number"){
if(data26 > 599 || isNaN(data26)){
const err73 = {instancePath:instancePath+"/spec/retries/statusCodes/" + i3,keyword:"maximum",params:{comparison: "<=", limit: 599}};
if(vErrors === null){
vErrors = [err73];
}
else {
vErrors.push(err73);
}
errors++;
}
if(data26 < 400 || isNaN(data26)){
const err74 = {instancePath:instancePath+"/spec/retries/statusCodes/" + i3,keyword:"minimum",params:{comparison: ">=", limit: 400}};
if(vErrors === null){
vErrors = [err74];
}
else {
vErrors.push(err74);
}
errors++;
}
}
}
}
else {
const err75 = {instancePath:instancePath+"/spec/retries/statusCodes",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err75];
}
else {
vErrors.push(err75);
}
errors++;
}
}
if(data21.backoff !== undefined){
let data27 = data21.backoff;
if(data27 && typeof data27 == "object" && !Array.isArray(data27)){
if(data27.base === undefined){
const err76 = {instancePath:instancePath+"/spec/retries/backoff",keyword:"required",params:{missingProperty: "base"}};
if(vErrors === null){
vErrors = [err76];
}
else {
vErrors.push(err76);
}
errors++;
}
if(data27.base !== undefined){
let data28 = data27.base;
if(typeof data28 === "string"){
if(func2(data28) > 28){
const err77 = {instancePath:instancePath+"/spec/retries/backoff/base",keyword:"maxLength",params:{limit: 28}};
if(vErrors === null){
vErrors = [err77];
}
else {
vErrors.push(err77);
}
errors++;
}
if(!pattern3.test(data28)){
const err78 = {instancePath:instancePath+"/spec/retries/backoff/base",keyword:"pattern",params:{pattern: "^([0-9]{1,5}(h|m|s|ms)){1,4}$"}};
if(vErrors === null){
vErrors = [err78];
}
else {
vErrors.push(err78);
}
errors++;
}
}
else {
const err79 = {instancePath:instancePath+"/spec/retries/backoff/base",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err79];
}
else {
vErrors.push(err79);
}
errors++;
}
}
if(data27.max !== undefined){
let data29 = data27.max;
if(typeof data29 === "string"){
if(func2(data29) > 28){
const err80 = {instancePath:instancePath+"/spec/retries/backoff/max",keyword:"maxLength",params:{limit: 28}};
if(vErrors === null){
vErrors = [err80];
}
else {
vErrors.push(err80);
}
errors++;
}
if(!pattern3.test(data29)){
const err81 = {instancePath:instancePath+"/spec/retries/backoff/max",keyword:"pattern",params:{pattern: "^([0-9]{1,5}(h|m|s|ms)){1,4}$"}};
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
const err82 = {instancePath:instancePath+"/spec/retries/backoff/max",keyword:"type",params:{type: "string"}};
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
const err83 = {instancePath:instancePath+"/spec/retries/backoff",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err83];
}
else {
vErrors.push(err83);
}
errors++;
}
}
if(data21.budget !== undefined){
let data30 = data21.budget;
if(data30 && typeof data30 == "object" && !Array.isArray(data30)){
if(data30.percent === undefined){
const err84 = {instancePath:instancePath+"/spec/retries/budget",keyword:"required",params:{missingProperty: "percent"}};
if(vErrors === null){
vErrors = [err84];
}
else {
vErrors.push(err84);
}
errors++;
}
if(data30.percent !== undefined){
let data31 = data30.percent;
if(typeof data31 == "number"){
if(data31 > 100 || isNaN(data31)){
const err85 = {instancePath:instancePath+"/spec/retries/budget/percent",keyword:"maximum",params:{comparison: "<=", limit: 100}};
if(vErrors === null){
vErrors = [err85];
}
else {
vErrors.push(err85);
}
errors++;
}
if(data31 < 0 || isNaN(data31)){
const err86 = {instancePath:instancePath+"/spec/retries/budget/percent",keyword:"minimum",params:{comparison: ">=", limit: 0}};
if(vErrors === null){
vErrors = [err86];
}
else {
vErrors.push(err86);
}
errors++;
}
}
else {
const err87 = {instancePath:instancePath+"/spec/retries/budget/percent",keyword:"type",params:{type: "number"}};
if(vErrors === null){
vErrors = [err87];
}
else {
vErrors.push(err87);
}
errors++;
}
}
if(data30.minConcurrent !== undefined){
let data32 = data30.minConcurrent;
if(!((typeof data32 == "number") && (!(data32 % 1) && !isNaN(data32)))){
const err88 = {instancePath:instancePath+"/spec/retries/budget/minConcurrent",keyword:"type",params:{type: "integer"}};
if(vErrors === null){
vErrors = [err88];
}
else {
vErrors.push(err88);
}
errors++;
}
if(typeof data32 == "number"){
if(data32 > 1000000 || isNaN(data32)){
const err89 = {instancePath:instancePath+"/spec/retries/budget/minConcurrent",keyword:"maximum",params:{comparison: "<=", limit: 1000000}};
if(vErrors === null){
vErrors = [err89];
}
else {
vErrors.push(err89);
}
errors++;
}
if(data32 < 0 || isNaN(data32)){
const err90 = {instancePath:instancePath+"/spec/retries/budget/minConcurrent",keyword:"minimum",params:{comparison: ">=", limit: 0}};
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
}
else {
const err91 = {instancePath:instancePath+"/spec/retries/budget",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err91];
}
else {
vErrors.push(err91);
}
errors++;
}
}
}
else {
const err92 = {instancePath:instancePath+"/spec/retries",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err92];
}
else {
vErrors.push(err92);
}
errors++;
}
}
if(data0.circuitBreaker !== undefined){
let data33 = data0.circuitBreaker;
if(data33 && typeof data33 == "object" && !Array.isArray(data33)){
if(Object.keys(data33).length < 1){
const err93 = {instancePath:instancePath+"/spec/circuitBreaker",keyword:"minProperties",params:{limit: 1}};
if(vErrors === null){
vErrors = [err93];
}
else {
vErrors.push(err93);
}
errors++;
}
if(data33.maxConnections !== undefined){
let data34 = data33.maxConnections;
if(!((typeof data34 == "number") && (!(data34 % 1) && !isNaN(data34)))){
const err94 = {instancePath:instancePath+"/spec/circuitBreaker/maxConnections",keyword:"type",params:{type: "integer"}};
if(vErrors === null){
vErrors = [err94];
}
else {
vErrors.push(err94);
}
errors++;
}
if(typeof data34 == "number"){
if(data34 > 2147483647 || isNaN(data34)){
const err95 = {instancePath:instancePath+"/spec/circuitBreaker/maxConnections",keyword:"maximum",params:{comparison: "<=", limit: 2147483647}};
if(vErrors === null){
vErrors = [err95];
}
else {
vErrors.push(err95);
}
errors++;
}
if(data34 < 1 || isNaN(data34)){
const err96 = {instancePath:instancePath+"/spec/circuitBreaker/maxConnections",keyword:"minimum",params:{comparison: ">=", limit: 1}};
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
if(data33.maxPendingRequests !== undefined){
let data35 = data33.maxPendingRequests;
if(!((typeof data35 == "number") && (!(data35 % 1) && !isNaN(data35)))){
const err97 = {instancePath:instancePath+"/spec/circuitBreaker/maxPendingRequests",keyword:"type",params:{type: "integer"}};
if(vErrors === null){
vErrors = [err97];
}
else {
vErrors.push(err97);
}
errors++;
}
if(typeof data35 == "number"){
if(data35 > 2147483647 || isNaN(data35)){
const err98 = {instancePath:instancePath+"/spec/circuitBreaker/maxPendingRequests",keyword:"maximum",params:{comparison: "<=", limit: 2147483647}};
if(vErrors === null){
vErrors = [err98];
}
else {
vErrors.push(err98);
}
errors++;
}
if(data35 < 1 || isNaN(data35)){
const err99 = {instancePath:instancePath+"/spec/circuitBreaker/maxPendingRequests",keyword:"minimum",params:{comparison: ">=", limit: 1}};
if(vErrors === null){
vErrors = [err99];
}
else {
vErrors.push(err99);
}
errors++;
}
}
}
if(data33.maxRequests !== undefined){
let data36 = data33.maxRequests;
if(!((typeof data36 == "number") && (!(data36 % 1) && !isNaN(data36)))){
const err100 = {instancePath:instancePath+"/spec/circuitBreaker/maxRequests",keyword:"type",params:{type: "integer"}};
if(vErrors === null){
vErrors = [err100];
}
else {
vErrors.push(err100);
}
errors++;
}
if(typeof data36 == "number"){
if(data36 > 2147483647 || isNaN(data36)){
const err101 = {instancePath:instancePath+"/spec/circuitBreaker/maxRequests",keyword:"maximum",params:{comparison: "<=", limit: 2147483647}};
if(vErrors === null){
vErrors = [err101];
}
else {
vErrors.push(err101);
}
errors++;
}
if(data36 < 1 || isNaN(data36)){
const err102 = {instancePath:instancePath+"/spec/circuitBreaker/maxRequests",keyword:"minimum",params:{comparison: ">=", limit: 1}};
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
if(data33.maxRetries !== undefined){
let data37 = data33.maxRetries;
if(!((typeof data37 == "number") && (!(data37 % 1) && !isNaN(data37)))){
const err103 = {instancePath:instancePath+"/spec/circuitBreaker/maxRetries",keyword:"type",params:{type: "integer"}};
if(vErrors === null){
vErrors = [err103];
}
else {
vErrors.push(err103);
}
errors++;
}
if(typeof data37 == "number"){
if(data37 > 2147483647 || isNaN(data37)){
const err104 = {instancePath:instancePath+"/spec/circuitBreaker/maxRetries",keyword:"maximum",params:{comparison: "<=", limit: 2147483647}};
if(vErrors === null){
vErrors = [err104];
}
else {
vErrors.push(err104);
}
errors++;
}
if(data37 < 0 || isNaN(data37)){
const err105 = {instancePath:instancePath+"/spec/circuitBreaker/maxRetries",keyword:"minimum",params:{comparison: ">=", limit: 0}};
if(vErrors === null){
vErrors = [err105];
}
else {
vErrors.push(err105);
}
errors++;
}
}
}
if(data33.maxRequestsPerConnection !== undefined){
let data38 = data33.maxRequestsPerConnection;
if(!((typeof data38 == "number") && (!(data38 % 1) && !isNaN(data38)))){
const err106 = {instancePath:instancePath+"/spec/circuitBreaker/maxRequestsPerConnection",keyword:"type",params:{type: "integer"}};
if(vErrors === null){
vErrors = [err106];
}
else {
vErrors.push(err106);
}
errors++;
}
if(typeof data38 == "number"){
if(data38 > 2147483647 || isNaN(data38)){
const err107 = {instancePath:instancePath+"/spec/circuitBreaker/maxRequestsPerConnection",keyword:"maximum",params:{comparison: "<=", limit: 2147483647}};
if(vErrors === null){
vErrors = [err107];
}
else {
vErrors.push(err107);
}
errors++;
}
if(data38 < 1 || isNaN(data38)){
const err108 = {instancePath:instancePath+"/spec/circuitBreaker/maxRequestsPerConnection",keyword:"minimum",params:{comparison: ">=", limit: 1}};
if(vErrors === null){
vErrors = [err108];
}
else {
vErrors.push(err108);
}
errors++;
}
}
}
if(data33.outlierDetection !== undefined){
let data39 = data33.outlierDetection;
if(data39 && typeof data39 == "object" && !Array.isArray(data39)){
if(data39.consecutiveErrors !== undefined){
let data40 = data39.consecutiveErrors;
if(!((typeof data40 == "number") && (!(data40 % 1) && !isNaN(data40)))){
const err109 = {instancePath:instancePath+"/spec/circuitBreaker/outlierDetection/consecutiveErrors",keyword:"type",params:{type: "integer"}};
if(vErrors === null){
vErrors = [err109];
}
else {
vErrors.push(err109);
}
errors++;
}
if(typeof data40 == "number"){
if(data40 > 1000000 || isNaN(data40)){
const err110 = {instancePath:instancePath+"/spec/circuitBreaker/outlierDetection/consecutiveErrors",keyword:"maximum",params:{comparison: "<=", limit: 1000000}};
if(vErrors === null){
vErrors = [err110];
}
else {
vErrors.push(err110);
}
errors++;
}
if(data40 < 0 || isNaN(data40)){
const err111 = {instancePath:instancePath+"/spec/circuitBreaker/outlierDetection/consecutiveErrors",keyword:"minimum",params:{comparison: ">=", limit: 0}};
if(vErrors === null){
vErrors = [err111];
}
else {
vErrors.push(err111);
}
errors++;
}
}
}
if(data39.consecutiveGatewayErrors !== undefined){
let data41 = data39.consecutiveGatewayErrors;
if(!((typeof data41 == "number") && (!(data41 % 1) && !isNaN(data41)))){
const err112 = {instancePath:instancePath+"/spec/circuitBreaker/outlierDetection/consecutiveGatewayErrors",keyword:"type",params:{type: "integer"}};
if(vErrors === null){
vErrors = [err112];
}
else {
vErrors.push(err112);
}
errors++;
}
if(typeof data41 == "number"){
if(data41 > 1000000 || isNaN(data41)){
const err113 = {instancePath:instancePath+"/spec/circuitBreaker/outlierDetection/consecutiveGatewayErrors",keyword:"maximum",params:{comparison: "<=", limit: 1000000}};
if(vErrors === null){
vErrors = [err113];
}
else {
vErrors.push(err113);
}
errors++;
}
if(data41 < 0 || isNaN(data41)){
const err114 = {instancePath:instancePath+"/spec/circuitBreaker/outlierDetection/consecutiveGatewayErrors",keyword:"minimum",params:{comparison: ">=", limit: 0}};
if(vErrors === null){
vErrors = [err114];
}
else {
vErrors.push(err114);
}
errors++;
}
}
}
if(data39.interval !== undefined){
let data42 = data39.interval;
if(typeof data42 === "string"){
if(func2(data42) > 28){
const err115 = {instancePath:instancePath+"/spec/circuitBreaker/outlierDetection/interval",keyword:"maxLength",params:{limit: 28}};
if(vErrors === null){
vErrors = [err115];
}
else {
vErrors.push(err115);
}
errors++;
}
if(!pattern3.test(data42)){
const err116 = {instancePath:instancePath+"/spec/circuitBreaker/outlierDetection/interval",keyword:"pattern",params:{pattern: "^([0-9]{1,5}(h|m|s|ms)){1,4}$"}};
if(vErrors === null){
vErrors = [err116];
}
else {
vErrors.push(err116);
}
errors++;
}
}
else {
const err117 = {instancePath:instancePath+"/spec/circuitBreaker/outlierDetection/interval",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err117];
}
else {
vErrors.push(err117);
}
errors++;
}
}
if(data39.baseEjectionTime !== undefined){
let data43 = data39.baseEjectionTime;
if(typeof data43 === "string"){
if(func2(data43) > 28){
const err118 = {instancePath:instancePath+"/spec/circuitBreaker/outlierDetection/baseEjectionTime",keyword:"maxLength",params:{limit: 28}};
if(vErrors === null){
vErrors = [err118];
}
else {
vErrors.push(err118);
}
errors++;
}
if(!pattern3.test(data43)){
const err119 = {instancePath:instancePath+"/spec/circuitBreaker/outlierDetection/baseEjectionTime",keyword:"pattern",params:{pattern: "^([0-9]{1,5}(h|m|s|ms)){1,4}$"}};
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
const err120 = {instancePath:instancePath+"/spec/circuitBreaker/outlierDetection/baseEjectionTime",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err120];
}
else {
vErrors.push(err120);
}
errors++;
}
}
if(data39.maxEjectionTime !== undefined){
let data44 = data39.maxEjectionTime;
if(typeof data44 === "string"){
if(func2(data44) > 28){
const err121 = {instancePath:instancePath+"/spec/circuitBreaker/outlierDetection/maxEjectionTime",keyword:"maxLength",params:{limit: 28}};
if(vErrors === null){
vErrors = [err121];
}
else {
vErrors.push(err121);
}
errors++;
}
if(!pattern3.test(data44)){
const err122 = {instancePath:instancePath+"/spec/circuitBreaker/outlierDetection/maxEjectionTime",keyword:"pattern",params:{pattern: "^([0-9]{1,5}(h|m|s|ms)){1,4}$"}};
if(vErrors === null){
vErrors = [err122];
}
else {
vErrors.push(err122);
}
errors++;
}
}
else {
const err123 = {instancePath:instancePath+"/spec/circuitBreaker/outlierDetection/maxEjectionTime",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err123];
}
else {
vErrors.push(err123);
}
errors++;
}
}
if(data39.maxEjectionPercent !== undefined){
let data45 = data39.maxEjectionPercent;
if(!((typeof data45 == "number") && (!(data45 % 1) && !isNaN(data45)))){
const err124 = {instancePath:instancePath+"/spec/circuitBreaker/outlierDetection/maxEjectionPercent",keyword:"type",params:{type: "integer"}};
if(vErrors === null){
vErrors = [err124];
}
else {
vErrors.push(err124);
}
errors++;
}
if(typeof data45 == "number"){
if(data45 > 100 || isNaN(data45)){
const err125 = {instancePath:instancePath+"/spec/circuitBreaker/outlierDetection/maxEjectionPercent",keyword:"maximum",params:{comparison: "<=", limit: 100}};
if(vErrors === null){
vErrors = [err125];
}
else {
vErrors.push(err125);
}
errors++;
}
if(data45 < 0 || isNaN(data45)){
const err126 = {instancePath:instancePath+"/spec/circuitBreaker/outlierDetection/maxEjectionPercent",keyword:"minimum",params:{comparison: ">=", limit: 0}};
if(vErrors === null){
vErrors = [err126];
}
else {
vErrors.push(err126);
}
errors++;
}
}
}
if(data39.minHealthyPercent !== undefined){
let data46 = data39.minHealthyPercent;
if(!((typeof data46 == "number") && (!(data46 % 1) && !isNaN(data46)))){
const err127 = {instancePath:instancePath+"/spec/circuitBreaker/outlierDetection/minHealthyPercent",keyword:"type",params:{type: "integer"}};
if(vErrors === null){
vErrors = [err127];
}
else {
vErrors.push(err127);
}
errors++;
}
if(typeof data46 == "number"){
if(data46 > 100 || isNaN(data46)){
const err128 = {instancePath:instancePath+"/spec/circuitBreaker/outlierDetection/minHealthyPercent",keyword:"maximum",params:{comparison: "<=", limit: 100}};
if(vErrors === null){
vErrors = [err128];
}
else {
vErrors.push(err128);
}
errors++;
}
if(data46 < 0 || isNaN(data46)){
const err129 = {instancePath:instancePath+"/spec/circuitBreaker/outlierDetection/minHealthyPercent",keyword:"minimum",params:{comparison: ">=", limit: 0}};
if(vErrors === null){
vErrors = [err129];
}
else {
vErrors.push(err129);
}
errors++;
}
}
}
}
else {
const err130 = {instancePath:instancePath+"/spec/circuitBreaker/outlierDetection",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err130];
}
else {
vErrors.push(err130);
}
errors++;
}
}
}
else {
const err131 = {instancePath:instancePath+"/spec/circuitBreaker",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err131];
}
else {
vErrors.push(err131);
}
errors++;
}
}
if(data0.loadBalancer !== undefined){
let data47 = data0.loadBalancer;
if(data47 && typeof data47 == "object" && !Array.isArray(data47)){
if(Object.keys(data47).length < 1){
const err132 = {instancePath:instancePath+"/spec/loadBalancer",keyword:"minProperties",params:{limit: 1}};
if(vErrors === null){
vErrors = [err132];
}
else {
vErrors.push(err132);
}
errors++;
}
if(data47.algorithm !== undefined){
let data48 = data47.algorithm;
if(!(((((data48 === "LeastRequest") || (data48 === "RoundRobin")) || (data48 === "Random")) || (data48 === "RingHash")) || (data48 === "Maglev"))){
const err133 = {instancePath:instancePath+"/spec/loadBalancer/algorithm",keyword:"enum",params:{allowedValues: schema11.properties.spec.properties.loadBalancer.properties.algorithm.enum}};
if(vErrors === null){
vErrors = [err133];
}
else {
vErrors.push(err133);
}
errors++;
}
if(typeof data48 === "string"){
if(func2(data48) > 16){
const err134 = {instancePath:instancePath+"/spec/loadBalancer/algorithm",keyword:"maxLength",params:{limit: 16}};
if(vErrors === null){
vErrors = [err134];
}
else {
vErrors.push(err134);
}
errors++;
}
}
else {
const err135 = {instancePath:instancePath+"/spec/loadBalancer/algorithm",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err135];
}
else {
vErrors.push(err135);
}
errors++;
}
}
if(data47.hash !== undefined){
let data49 = data47.hash;
if(data49 && typeof data49 == "object" && !Array.isArray(data49)){
if(data49.header !== undefined){
let data50 = data49.header;
if(typeof data50 === "string"){
if(func2(data50) > 256){
const err136 = {instancePath:instancePath+"/spec/loadBalancer/hash/header",keyword:"maxLength",params:{limit: 256}};
if(vErrors === null){
vErrors = [err136];
}
else {
vErrors.push(err136);
}
errors++;
}
if(func2(data50) < 1){
const err137 = {instancePath:instancePath+"/spec/loadBalancer/hash/header",keyword:"minLength",params:{limit: 1}};
if(vErrors === null){
vErrors = [err137];
}
else {
vErrors.push(err137);
}
errors++;
}
if(!pattern11.test(data50)){
const err138 = {instancePath:instancePath+"/spec/loadBalancer/hash/header",keyword:"pattern",params:{pattern: "^[A-Za-z0-9!#$%&'*+.^_|~-]+$"}};
if(vErrors === null){
vErrors = [err138];
}
else {
vErrors.push(err138);
}
errors++;
}
}
else {
const err139 = {instancePath:instancePath+"/spec/loadBalancer/hash/header",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err139];
}
else {
vErrors.push(err139);
}
errors++;
}
}
if(data49.cookie !== undefined){
let data51 = data49.cookie;
if(data51 && typeof data51 == "object" && !Array.isArray(data51)){
if(data51.name === undefined){
const err140 = {instancePath:instancePath+"/spec/loadBalancer/hash/cookie",keyword:"required",params:{missingProperty: "name"}};
if(vErrors === null){
vErrors = [err140];
}
else {
vErrors.push(err140);
}
errors++;
}
if(data51.name !== undefined){
let data52 = data51.name;
if(typeof data52 === "string"){
if(func2(data52) > 128){
const err141 = {instancePath:instancePath+"/spec/loadBalancer/hash/cookie/name",keyword:"maxLength",params:{limit: 128}};
if(vErrors === null){
vErrors = [err141];
}
else {
vErrors.push(err141);
}
errors++;
}
if(func2(data52) < 1){
const err142 = {instancePath:instancePath+"/spec/loadBalancer/hash/cookie/name",keyword:"minLength",params:{limit: 1}};
if(vErrors === null){
vErrors = [err142];
}
else {
vErrors.push(err142);
}
errors++;
}
if(!pattern11.test(data52)){
const err143 = {instancePath:instancePath+"/spec/loadBalancer/hash/cookie/name",keyword:"pattern",params:{pattern: "^[A-Za-z0-9!#$%&'*+.^_|~-]+$"}};
if(vErrors === null){
vErrors = [err143];
}
else {
vErrors.push(err143);
}
errors++;
}
}
else {
const err144 = {instancePath:instancePath+"/spec/loadBalancer/hash/cookie/name",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err144];
}
else {
vErrors.push(err144);
}
errors++;
}
}
if(data51.path !== undefined){
let data53 = data51.path;
if(typeof data53 === "string"){
if(func2(data53) > 256){
const err145 = {instancePath:instancePath+"/spec/loadBalancer/hash/cookie/path",keyword:"maxLength",params:{limit: 256}};
if(vErrors === null){
vErrors = [err145];
}
else {
vErrors.push(err145);
}
errors++;
}
if(func2(data53) < 1){
const err146 = {instancePath:instancePath+"/spec/loadBalancer/hash/cookie/path",keyword:"minLength",params:{limit: 1}};
if(vErrors === null){
vErrors = [err146];
}
else {
vErrors.push(err146);
}
errors++;
}
if(!pattern13.test(data53)){
const err147 = {instancePath:instancePath+"/spec/loadBalancer/hash/cookie/path",keyword:"pattern",params:{pattern: "^/[A-Za-z0-9._~!$&'()*+,=:@%/-]*$"}};
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
const err148 = {instancePath:instancePath+"/spec/loadBalancer/hash/cookie/path",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err148];
}
else {
vErrors.push(err148);
}
errors++;
}
}
if(data51.ttl !== undefined){
let data54 = data51.ttl;
if(typeof data54 === "string"){
if(func2(data54) > 28){
const err149 = {instancePath:instancePath+"/spec/loadBalancer/hash/cookie/ttl",keyword:"maxLength",params:{limit: 28}};
if(vErrors === null){
vErrors = [err149];
}
else {
vErrors.push(err149);
}
errors++;
}
if(!pattern3.test(data54)){
const err150 = {instancePath:instancePath+"/spec/loadBalancer/hash/cookie/ttl",keyword:"pattern",params:{pattern: "^([0-9]{1,5}(h|m|s|ms)){1,4}$"}};
if(vErrors === null){
vErrors = [err150];
}
else {
vErrors.push(err150);
}
errors++;
}
}
else {
const err151 = {instancePath:instancePath+"/spec/loadBalancer/hash/cookie/ttl",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err151];
}
else {
vErrors.push(err151);
}
errors++;
}
}
}
else {
const err152 = {instancePath:instancePath+"/spec/loadBalancer/hash/cookie",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err152];
}
else {
vErrors.push(err152);
}
errors++;
}
}
if(data49.sourceIP !== undefined){
let data55 = data49.sourceIP;
if(typeof data55 !== "boolean"){
const err153 = {instancePath:instancePath+"/spec/loadBalancer/hash/sourceIP",keyword:"type",params:{type: "boolean"}};
if(vErrors === null){
vErrors = [err153];
}
else {
vErrors.push(err153);
}
errors++;
}
if(!(data55 === true)){
const err154 = {instancePath:instancePath+"/spec/loadBalancer/hash/sourceIP",keyword:"enum",params:{allowedValues: schema11.properties.spec.properties.loadBalancer.properties.hash.properties.sourceIP.enum}};
if(vErrors === null){
vErrors = [err154];
}
else {
vErrors.push(err154);
}
errors++;
}
}
}
else {
const err155 = {instancePath:instancePath+"/spec/loadBalancer/hash",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err155];
}
else {
vErrors.push(err155);
}
errors++;
}
}
if(data47.ringHash !== undefined){
let data56 = data47.ringHash;
if(data56 && typeof data56 == "object" && !Array.isArray(data56)){
if(Object.keys(data56).length < 1){
const err156 = {instancePath:instancePath+"/spec/loadBalancer/ringHash",keyword:"minProperties",params:{limit: 1}};
if(vErrors === null){
vErrors = [err156];
}
else {
vErrors.push(err156);
}
errors++;
}
if(data56.minimumSize !== undefined){
let data57 = data56.minimumSize;
if(!((typeof data57 == "number") && (!(data57 % 1) && !isNaN(data57)))){
const err157 = {instancePath:instancePath+"/spec/loadBalancer/ringHash/minimumSize",keyword:"type",params:{type: "integer"}};
if(vErrors === null){
vErrors = [err157];
}
else {
vErrors.push(err157);
}
errors++;
}
if(typeof data57 == "number"){
if(data57 > 8388608 || isNaN(data57)){
const err158 = {instancePath:instancePath+"/spec/loadBalancer/ringHash/minimumSize",keyword:"maximum",params:{comparison: "<=", limit: 8388608}};
if(vErrors === null){
vErrors = [err158];
}
else {
vErrors.push(err158);
}
errors++;
}
if(data57 < 1 || isNaN(data57)){
const err159 = {instancePath:instancePath+"/spec/loadBalancer/ringHash/minimumSize",keyword:"minimum",params:{comparison: ">=", limit: 1}};
if(vErrors === null){
vErrors = [err159];
}
else {
vErrors.push(err159);
}
errors++;
}
}
}
}
else {
const err160 = {instancePath:instancePath+"/spec/loadBalancer/ringHash",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err160];
}
else {
vErrors.push(err160);
}
errors++;
}
}
if(data47.slowStart !== undefined){
let data58 = data47.slowStart;
if(data58 && typeof data58 == "object" && !Array.isArray(data58)){
if(data58.window === undefined){
const err161 = {instancePath:instancePath+"/spec/loadBalancer/slowStart",keyword:"required",params:{missingProperty: "window"}};
if(vErrors === null){
vErrors = [err161];
}
else {
vErrors.push(err161);
}
errors++;
}
if(data58.window !== undefined){
let data59 = data58.window;
if(typeof data59 === "string"){
if(func2(data59) > 28){
const err162 = {instancePath:instancePath+"/spec/loadBalancer/slowStart/window",keyword:"maxLength",params:{limit: 28}};
if(vErrors === null){
vErrors = [err162];
}
else {
vErrors.push(err162);
}
errors++;
}
if(!pattern3.test(data59)){
const err163 = {instancePath:instancePath+"/spec/loadBalancer/slowStart/window",keyword:"pattern",params:{pattern: "^([0-9]{1,5}(h|m|s|ms)){1,4}$"}};
if(vErrors === null){
vErrors = [err163];
}
else {
vErrors.push(err163);
}
errors++;
}
}
else {
const err164 = {instancePath:instancePath+"/spec/loadBalancer/slowStart/window",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err164];
}
else {
vErrors.push(err164);
}
errors++;
}
}
if(data58.aggression !== undefined){
let data60 = data58.aggression;
if(typeof data60 == "number"){
if(data60 > 10 || isNaN(data60)){
const err165 = {instancePath:instancePath+"/spec/loadBalancer/slowStart/aggression",keyword:"maximum",params:{comparison: "<=", limit: 10}};
if(vErrors === null){
vErrors = [err165];
}
else {
vErrors.push(err165);
}
errors++;
}
if(data60 < 0.1 || isNaN(data60)){
const err166 = {instancePath:instancePath+"/spec/loadBalancer/slowStart/aggression",keyword:"minimum",params:{comparison: ">=", limit: 0.1}};
if(vErrors === null){
vErrors = [err166];
}
else {
vErrors.push(err166);
}
errors++;
}
}
else {
const err167 = {instancePath:instancePath+"/spec/loadBalancer/slowStart/aggression",keyword:"type",params:{type: "number"}};
if(vErrors === null){
vErrors = [err167];
}
else {
vErrors.push(err167);
}
errors++;
}
}
if(data58.minWeightPercent !== undefined){
let data61 = data58.minWeightPercent;
if(typeof data61 == "number"){
if(data61 > 100 || isNaN(data61)){
const err168 = {instancePath:instancePath+"/spec/loadBalancer/slowStart/minWeightPercent",keyword:"maximum",params:{comparison: "<=", limit: 100}};
if(vErrors === null){
vErrors = [err168];
}
else {
vErrors.push(err168);
}
errors++;
}
if(data61 < 0 || isNaN(data61)){
const err169 = {instancePath:instancePath+"/spec/loadBalancer/slowStart/minWeightPercent",keyword:"minimum",params:{comparison: ">=", limit: 0}};
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
const err170 = {instancePath:instancePath+"/spec/loadBalancer/slowStart/minWeightPercent",keyword:"type",params:{type: "number"}};
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
const err171 = {instancePath:instancePath+"/spec/loadBalancer/slowStart",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err171];
}
else {
vErrors.push(err171);
}
errors++;
}
}
if(data47.locality !== undefined){
let data62 = data47.locality;
if(data62 && typeof data62 == "object" && !Array.isArray(data62)){
if(Object.keys(data62).length < 1){
const err172 = {instancePath:instancePath+"/spec/loadBalancer/locality",keyword:"minProperties",params:{limit: 1}};
if(vErrors === null){
vErrors = [err172];
}
else {
vErrors.push(err172);
}
errors++;
}
if(data62.preference !== undefined){
let data63 = data62.preference;
if(!(((data63 === "None") || (data63 === "Zone")) || (data63 === "Region"))){
const err173 = {instancePath:instancePath+"/spec/loadBalancer/locality/preference",keyword:"enum",params:{allowedValues: schema11.properties.spec.properties.loadBalancer.properties.locality.properties.preference.enum}};
if(vErrors === null){
vErrors = [err173];
}
else {
vErrors.push(err173);
}
errors++;
}
if(typeof data63 === "string"){
if(func2(data63) > 16){
const err174 = {instancePath:instancePath+"/spec/loadBalancer/locality/preference",keyword:"maxLength",params:{limit: 16}};
if(vErrors === null){
vErrors = [err174];
}
else {
vErrors.push(err174);
}
errors++;
}
}
else {
const err175 = {instancePath:instancePath+"/spec/loadBalancer/locality/preference",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err175];
}
else {
vErrors.push(err175);
}
errors++;
}
}
if(data62.failover !== undefined){
let data64 = data62.failover;
if(!(((data64 === "Any") || (data64 === "Region")) || (data64 === "Never"))){
const err176 = {instancePath:instancePath+"/spec/loadBalancer/locality/failover",keyword:"enum",params:{allowedValues: schema11.properties.spec.properties.loadBalancer.properties.locality.properties.failover.enum}};
if(vErrors === null){
vErrors = [err176];
}
else {
vErrors.push(err176);
}
errors++;
}
if(typeof data64 === "string"){
if(func2(data64) > 16){
const err177 = {instancePath:instancePath+"/spec/loadBalancer/locality/failover",keyword:"maxLength",params:{limit: 16}};
if(vErrors === null){
vErrors = [err177];
}
else {
vErrors.push(err177);
}
errors++;
}
}
else {
const err178 = {instancePath:instancePath+"/spec/loadBalancer/locality/failover",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err178];
}
else {
vErrors.push(err178);
}
errors++;
}
}
if(data62.failoverThreshold !== undefined){
let data65 = data62.failoverThreshold;
if(!((typeof data65 == "number") && (!(data65 % 1) && !isNaN(data65)))){
const err179 = {instancePath:instancePath+"/spec/loadBalancer/locality/failoverThreshold",keyword:"type",params:{type: "integer"}};
if(vErrors === null){
vErrors = [err179];
}
else {
vErrors.push(err179);
}
errors++;
}
if(typeof data65 == "number"){
if(data65 > 100 || isNaN(data65)){
const err180 = {instancePath:instancePath+"/spec/loadBalancer/locality/failoverThreshold",keyword:"maximum",params:{comparison: "<=", limit: 100}};
if(vErrors === null){
vErrors = [err180];
}
else {
vErrors.push(err180);
}
errors++;
}
if(data65 < 1 || isNaN(data65)){
const err181 = {instancePath:instancePath+"/spec/loadBalancer/locality/failoverThreshold",keyword:"minimum",params:{comparison: ">=", limit: 1}};
if(vErrors === null){
vErrors = [err181];
}
else {
vErrors.push(err181);
}
errors++;
}
}
}
}
else {
const err182 = {instancePath:instancePath+"/spec/loadBalancer/locality",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err182];
}
else {
vErrors.push(err182);
}
errors++;
}
}
}
else {
const err183 = {instancePath:instancePath+"/spec/loadBalancer",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err183];
}
else {
vErrors.push(err183);
}
errors++;
}
}
if(data0.connection !== undefined){
let data66 = data0.connection;
if(data66 && typeof data66 == "object" && !Array.isArray(data66)){
if(Object.keys(data66).length < 1){
const err184 = {instancePath:instancePath+"/spec/connection",keyword:"minProperties",params:{limit: 1}};
if(vErrors === null){
vErrors = [err184];
}
else {
vErrors.push(err184);
}
errors++;
}
if(data66.connectTimeout !== undefined){
let data67 = data66.connectTimeout;
if(typeof data67 === "string"){
if(func2(data67) > 28){
const err185 = {instancePath:instancePath+"/spec/connection/connectTimeout",keyword:"maxLength",params:{limit: 28}};
if(vErrors === null){
vErrors = [err185];
}
else {
vErrors.push(err185);
}
errors++;
}
if(!pattern3.test(data67)){
const err186 = {instancePath:instancePath+"/spec/connection/connectTimeout",keyword:"pattern",params:{pattern: "^([0-9]{1,5}(h|m|s|ms)){1,4}$"}};
if(vErrors === null){
vErrors = [err186];
}
else {
vErrors.push(err186);
}
errors++;
}
}
else {
const err187 = {instancePath:instancePath+"/spec/connection/connectTimeout",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err187];
}
else {
vErrors.push(err187);
}
errors++;
}
}
if(data66.idleTimeout !== undefined){
let data68 = data66.idleTimeout;
if(typeof data68 === "string"){
if(func2(data68) > 28){
const err188 = {instancePath:instancePath+"/spec/connection/idleTimeout",keyword:"maxLength",params:{limit: 28}};
if(vErrors === null){
vErrors = [err188];
}
else {
vErrors.push(err188);
}
errors++;
}
if(!pattern3.test(data68)){
const err189 = {instancePath:instancePath+"/spec/connection/idleTimeout",keyword:"pattern",params:{pattern: "^([0-9]{1,5}(h|m|s|ms)){1,4}$"}};
if(vErrors === null){
vErrors = [err189];
}
else {
vErrors.push(err189);
}
errors++;
}
}
else {
const err190 = {instancePath:instancePath+"/spec/connection/idleTimeout",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err190];
}
else {
vErrors.push(err190);
}
errors++;
}
}
if(data66.maxDuration !== undefined){
let data69 = data66.maxDuration;
if(typeof data69 === "string"){
if(func2(data69) > 28){
const err191 = {instancePath:instancePath+"/spec/connection/maxDuration",keyword:"maxLength",params:{limit: 28}};
if(vErrors === null){
vErrors = [err191];
}
else {
vErrors.push(err191);
}
errors++;
}
if(!pattern3.test(data69)){
const err192 = {instancePath:instancePath+"/spec/connection/maxDuration",keyword:"pattern",params:{pattern: "^([0-9]{1,5}(h|m|s|ms)){1,4}$"}};
if(vErrors === null){
vErrors = [err192];
}
else {
vErrors.push(err192);
}
errors++;
}
}
else {
const err193 = {instancePath:instancePath+"/spec/connection/maxDuration",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err193];
}
else {
vErrors.push(err193);
}
errors++;
}
}
if(data66.tcpKeepalive !== undefined){
let data70 = data66.tcpKeepalive;
if(data70 && typeof data70 == "object" && !Array.isArray(data70)){
if(data70.probes !== undefined){
let data71 = data70.probes;
if(!((typeof data71 == "number") && (!(data71 % 1) && !isNaN(data71)))){
const err194 = {instancePath:instancePath+"/spec/connection/tcpKeepalive/probes",keyword:"type",params:{type: "integer"}};
if(vErrors === null){
vErrors = [err194];
}
else {
vErrors.push(err194);
}
errors++;
}
if(typeof data71 == "number"){
if(data71 > 127 || isNaN(data71)){
const err195 = {instancePath:instancePath+"/spec/connection/tcpKeepalive/probes",keyword:"maximum",params:{comparison: "<=", limit: 127}};
if(vErrors === null){
vErrors = [err195];
}
else {
vErrors.push(err195);
}
errors++;
}
if(data71 < 1 || isNaN(data71)){
const err196 = {instancePath:instancePath+"/spec/connection/tcpKeepalive/probes",keyword:"minimum",params:{comparison: ">=", limit: 1}};
if(vErrors === null){
vErrors = [err196];
}
else {
vErrors.push(err196);
}
errors++;
}
}
}
if(data70.time !== undefined){
let data72 = data70.time;
if(typeof data72 === "string"){
if(func2(data72) > 28){
const err197 = {instancePath:instancePath+"/spec/connection/tcpKeepalive/time",keyword:"maxLength",params:{limit: 28}};
if(vErrors === null){
vErrors = [err197];
}
else {
vErrors.push(err197);
}
errors++;
}
if(!pattern3.test(data72)){
const err198 = {instancePath:instancePath+"/spec/connection/tcpKeepalive/time",keyword:"pattern",params:{pattern: "^([0-9]{1,5}(h|m|s|ms)){1,4}$"}};
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
const err199 = {instancePath:instancePath+"/spec/connection/tcpKeepalive/time",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err199];
}
else {
vErrors.push(err199);
}
errors++;
}
}
if(data70.interval !== undefined){
let data73 = data70.interval;
if(typeof data73 === "string"){
if(func2(data73) > 28){
const err200 = {instancePath:instancePath+"/spec/connection/tcpKeepalive/interval",keyword:"maxLength",params:{limit: 28}};
if(vErrors === null){
vErrors = [err200];
}
else {
vErrors.push(err200);
}
errors++;
}
if(!pattern3.test(data73)){
const err201 = {instancePath:instancePath+"/spec/connection/tcpKeepalive/interval",keyword:"pattern",params:{pattern: "^([0-9]{1,5}(h|m|s|ms)){1,4}$"}};
if(vErrors === null){
vErrors = [err201];
}
else {
vErrors.push(err201);
}
errors++;
}
}
else {
const err202 = {instancePath:instancePath+"/spec/connection/tcpKeepalive/interval",keyword:"type",params:{type: "string"}};
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
const err203 = {instancePath:instancePath+"/spec/connection/tcpKeepalive",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err203];
}
else {
vErrors.push(err203);
}
errors++;
}
}
if(data66.http2 !== undefined){
let data74 = data66.http2;
if(data74 && typeof data74 == "object" && !Array.isArray(data74)){
if(Object.keys(data74).length < 1){
const err204 = {instancePath:instancePath+"/spec/connection/http2",keyword:"minProperties",params:{limit: 1}};
if(vErrors === null){
vErrors = [err204];
}
else {
vErrors.push(err204);
}
errors++;
}
if(data74.maxConcurrentStreams !== undefined){
let data75 = data74.maxConcurrentStreams;
if(!((typeof data75 == "number") && (!(data75 % 1) && !isNaN(data75)))){
const err205 = {instancePath:instancePath+"/spec/connection/http2/maxConcurrentStreams",keyword:"type",params:{type: "integer"}};
if(vErrors === null){
vErrors = [err205];
}
else {
vErrors.push(err205);
}
errors++;
}
if(typeof data75 == "number"){
if(data75 > 2147483647 || isNaN(data75)){
const err206 = {instancePath:instancePath+"/spec/connection/http2/maxConcurrentStreams",keyword:"maximum",params:{comparison: "<=", limit: 2147483647}};
if(vErrors === null){
vErrors = [err206];
}
else {
vErrors.push(err206);
}
errors++;
}
if(data75 < 1 || isNaN(data75)){
const err207 = {instancePath:instancePath+"/spec/connection/http2/maxConcurrentStreams",keyword:"minimum",params:{comparison: ">=", limit: 1}};
if(vErrors === null){
vErrors = [err207];
}
else {
vErrors.push(err207);
}
errors++;
}
}
}
if(data74.initialStreamWindowSize !== undefined){
let data76 = data74.initialStreamWindowSize;
if(!((typeof data76 == "number") && (!(data76 % 1) && !isNaN(data76)))){
const err208 = {instancePath:instancePath+"/spec/connection/http2/initialStreamWindowSize",keyword:"type",params:{type: "integer"}};
if(vErrors === null){
vErrors = [err208];
}
else {
vErrors.push(err208);
}
errors++;
}
if(typeof data76 == "number"){
if(data76 > 2147483647 || isNaN(data76)){
const err209 = {instancePath:instancePath+"/spec/connection/http2/initialStreamWindowSize",keyword:"maximum",params:{comparison: "<=", limit: 2147483647}};
if(vErrors === null){
vErrors = [err209];
}
else {
vErrors.push(err209);
}
errors++;
}
if(data76 < 65535 || isNaN(data76)){
const err210 = {instancePath:instancePath+"/spec/connection/http2/initialStreamWindowSize",keyword:"minimum",params:{comparison: ">=", limit: 65535}};
if(vErrors === null){
vErrors = [err210];
}
else {
vErrors.push(err210);
}
errors++;
}
}
}
if(data74.initialConnectionWindowSize !== undefined){
let data77 = data74.initialConnectionWindowSize;
if(!((typeof data77 == "number") && (!(data77 % 1) && !isNaN(data77)))){
const err211 = {instancePath:instancePath+"/spec/connection/http2/initialConnectionWindowSize",keyword:"type",params:{type: "integer"}};
if(vErrors === null){
vErrors = [err211];
}
else {
vErrors.push(err211);
}
errors++;
}
if(typeof data77 == "number"){
if(data77 > 2147483647 || isNaN(data77)){
const err212 = {instancePath:instancePath+"/spec/connection/http2/initialConnectionWindowSize",keyword:"maximum",params:{comparison: "<=", limit: 2147483647}};
if(vErrors === null){
vErrors = [err212];
}
else {
vErrors.push(err212);
}
errors++;
}
if(data77 < 65535 || isNaN(data77)){
const err213 = {instancePath:instancePath+"/spec/connection/http2/initialConnectionWindowSize",keyword:"minimum",params:{comparison: ">=", limit: 65535}};
if(vErrors === null){
vErrors = [err213];
}
else {
vErrors.push(err213);
}
errors++;
}
}
}
}
else {
const err214 = {instancePath:instancePath+"/spec/connection/http2",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err214];
}
else {
vErrors.push(err214);
}
errors++;
}
}
}
else {
const err215 = {instancePath:instancePath+"/spec/connection",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err215];
}
else {
vErrors.push(err215);
}
errors++;
}
}
if(data0.fault !== undefined){
let data78 = data0.fault;
if(data78 && typeof data78 == "object" && !Array.isArray(data78)){
if(Object.keys(data78).length < 1){
const err216 = {instancePath:instancePath+"/spec/fault",keyword:"minProperties",params:{limit: 1}};
if(vErrors === null){
vErrors = [err216];
}
else {
vErrors.push(err216);
}
errors++;
}
if(data78.delay !== undefined){
let data79 = data78.delay;
if(data79 && typeof data79 == "object" && !Array.isArray(data79)){
if(data79.duration === undefined){
const err217 = {instancePath:instancePath+"/spec/fault/delay",keyword:"required",params:{missingProperty: "duration"}};
if(vErrors === null){
vErrors = [err217];
}
else {
vErrors.push(err217);
}
errors++;
}
if(data79.percent !== undefined){
let data80 = data79.percent;
if(typeof data80 == "number"){
if(data80 > 100 || isNaN(data80)){
const err218 = {instancePath:instancePath+"/spec/fault/delay/percent",keyword:"maximum",params:{comparison: "<=", limit: 100}};
if(vErrors === null){
vErrors = [err218];
}
else {
vErrors.push(err218);
}
errors++;
}
if(data80 < 0 || isNaN(data80)){
const err219 = {instancePath:instancePath+"/spec/fault/delay/percent",keyword:"minimum",params:{comparison: ">=", limit: 0}};
if(vErrors === null){
vErrors = [err219];
}
else {
vErrors.push(err219);
}
errors++;
}
}
else {
const err220 = {instancePath:instancePath+"/spec/fault/delay/percent",keyword:"type",params:{type: "number"}};
if(vErrors === null){
vErrors = [err220];
}
else {
vErrors.push(err220);
}
errors++;
}
}
if(data79.duration !== undefined){
let data81 = data79.duration;
if(typeof data81 === "string"){
if(func2(data81) > 28){
const err221 = {instancePath:instancePath+"/spec/fault/delay/duration",keyword:"maxLength",params:{limit: 28}};
if(vErrors === null){
vErrors = [err221];
}
else {
vErrors.push(err221);
}
errors++;
}
if(!pattern3.test(data81)){
const err222 = {instancePath:instancePath+"/spec/fault/delay/duration",keyword:"pattern",params:{pattern: "^([0-9]{1,5}(h|m|s|ms)){1,4}$"}};
if(vErrors === null){
vErrors = [err222];
}
else {
vErrors.push(err222);
}
errors++;
}
}
else {
const err223 = {instancePath:instancePath+"/spec/fault/delay/duration",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err223];
}
else {
vErrors.push(err223);
}
errors++;
}
}
}
else {
const err224 = {instancePath:instancePath+"/spec/fault/delay",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err224];
}
else {
vErrors.push(err224);
}
errors++;
}
}
if(data78.abort !== undefined){
let data82 = data78.abort;
if(data82 && typeof data82 == "object" && !Array.isArray(data82)){
if(data82.percent !== undefined){
let data83 = data82.percent;
if(typeof data83 == "number"){
if(data83 > 100 || isNaN(data83)){
const err225 = {instancePath:instancePath+"/spec/fault/abort/percent",keyword:"maximum",params:{comparison: "<=", limit: 100}};
if(vErrors === null){
vErrors = [err225];
}
else {
vErrors.push(err225);
}
errors++;
}
if(data83 < 0 || isNaN(data83)){
const err226 = {instancePath:instancePath+"/spec/fault/abort/percent",keyword:"minimum",params:{comparison: ">=", limit: 0}};
if(vErrors === null){
vErrors = [err226];
}
else {
vErrors.push(err226);
}
errors++;
}
}
else {
const err227 = {instancePath:instancePath+"/spec/fault/abort/percent",keyword:"type",params:{type: "number"}};
if(vErrors === null){
vErrors = [err227];
}
else {
vErrors.push(err227);
}
errors++;
}
}
if(data82.httpStatus !== undefined){
let data84 = data82.httpStatus;
if(!((typeof data84 == "number") && (!(data84 % 1) && !isNaN(data84)))){
const err228 = {instancePath:instancePath+"/spec/fault/abort/httpStatus",keyword:"type",params:{type: "integer"}};
if(vErrors === null){
vErrors = [err228];
}
else {
vErrors.push(err228);
}
errors++;
}
if(typeof data84 == "number"){
if(data84 > 599 || isNaN(data84)){
const err229 = {instancePath:instancePath+"/spec/fault/abort/httpStatus",keyword:"maximum",params:{comparison: "<=", limit: 599}};
if(vErrors === null){
vErrors = [err229];
}
else {
vErrors.push(err229);
}
errors++;
}
if(data84 < 200 || isNaN(data84)){
const err230 = {instancePath:instancePath+"/spec/fault/abort/httpStatus",keyword:"minimum",params:{comparison: ">=", limit: 200}};
if(vErrors === null){
vErrors = [err230];
}
else {
vErrors.push(err230);
}
errors++;
}
}
}
if(data82.grpcStatus !== undefined){
let data85 = data82.grpcStatus;
if(!((((((((((((((((data85 === "Cancelled") || (data85 === "Unknown")) || (data85 === "InvalidArgument")) || (data85 === "DeadlineExceeded")) || (data85 === "NotFound")) || (data85 === "AlreadyExists")) || (data85 === "PermissionDenied")) || (data85 === "ResourceExhausted")) || (data85 === "FailedPrecondition")) || (data85 === "Aborted")) || (data85 === "OutOfRange")) || (data85 === "Unimplemented")) || (data85 === "Internal")) || (data85 === "Unavailable")) || (data85 === "DataLoss")) || (data85 === "Unauthenticated"))){
const err231 = {instancePath:instancePath+"/spec/fault/abort/grpcStatus",keyword:"enum",params:{allowedValues: schema11.properties.spec.properties.fault.properties.abort.properties.grpcStatus.enum}};
if(vErrors === null){
vErrors = [err231];
}
else {
vErrors.push(err231);
}
errors++;
}
if(typeof data85 === "string"){
if(func2(data85) > 32){
const err232 = {instancePath:instancePath+"/spec/fault/abort/grpcStatus",keyword:"maxLength",params:{limit: 32}};
if(vErrors === null){
vErrors = [err232];
}
else {
vErrors.push(err232);
}
errors++;
}
}
else {
const err233 = {instancePath:instancePath+"/spec/fault/abort/grpcStatus",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err233];
}
else {
vErrors.push(err233);
}
errors++;
}
}
}
else {
const err234 = {instancePath:instancePath+"/spec/fault/abort",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err234];
}
else {
vErrors.push(err234);
}
errors++;
}
}
}
else {
const err235 = {instancePath:instancePath+"/spec/fault",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err235];
}
else {
vErrors.push(err235);
}
errors++;
}
}
}
else {
const err236 = {instancePath:instancePath+"/spec",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err236];
}
else {
vErrors.push(err236);
}
errors++;
}
}
}
else {
const err237 = {instancePath,keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err237];
}
else {
vErrors.push(err237);
}
errors++;
}
validate10.errors = vErrors;
return errors === 0;
}

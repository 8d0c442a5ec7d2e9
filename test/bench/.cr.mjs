import { writeFileSync } from 'node:fs';
import { openViewer, startClock, readClock, chooseFile } from './chromium-bench.mjs';
import { launch, CACHE } from './places.mjs';
const ext='/tmp/kernel/ext';
const run=async(f,n)=>{const r=await launch(ext);try{return await n(r,f)}finally{await r.close()}};
const open=async(r,f)=>{const p=await openViewer(r);await startClock(p,'change');await chooseFile(p,f);return readClock(p)};
const parse=async({context},f)=>{const page=await context.newPage();await page.setContent('<input type=file>');await chooseFile(page,f);return page.evaluate(async()=>{const [c]=document.querySelector('input')?.files??[];const b=performance.now();try{const {traceEvents}=JSON.parse(await c.text());return traceEvents.length>0?performance.now()-b:NaN}catch{return NaN}})};
const traced=async(r,f)=>{const page=await openViewer(r);await startClock(page,'change');await r.browser.startTracing(page,{categories:['-*','disabled-by-default-devtools.timeline','devtools.timeline','v8.execute','v8','blink','disabled-by-default-v8.cpu_profiler','__metadata']});await chooseFile(page,f);await readClock(page);return r.browser.stopTracing()};
const B=f=>`${CACHE}/${f}`;
for(const [f,n] of [['busy-page.json',3],['100mb.json',2],['300mb.json',3]]){const o=[],j=[];for(let i=0;i<n;i++){o.push(Math.round(await run(B(f),open)));j.push(Math.round(await run(B(f),parse)))}console.log(f,'ours',o.join(' '),'parse',j.join(' '))}
writeFileSync('/tmp/kernel/viewer44.json',await run(B('busy-page.json'),traced));
writeFileSync('/tmp/kernel/viewer300.json',await run(B('300mb.json'),traced));

// The encoder that peer_encoder.py --onnx wrote, on ONNX Runtime. Prints one JSON object.
// usage: node peer_onnx.js FILE.onnx [--batch 32] [--length 64] [--threads N] [--seconds 5]   (NODE_PATH names the folder that has onnxruntime-node)
'use strict';
const os = require('os');
const ort = require('onnxruntime-node');

const VOCABULARY = 21128;
const option = (name, otherwise) => {
  const at = process.argv.indexOf('--' + name);
  return at < 0 ? otherwise : Number(process.argv[at + 1]);
};

(async () => {
  const batch = option('batch', 32), length = option('length', 64), threads = option('threads', os.cpus().length), seconds = option('seconds', 5);
  const session = await ort.InferenceSession.create(process.argv[2], { intraOpNumThreads: threads, graphOptimizationLevel: 'all' });
  const ids = new ort.Tensor('int64', BigInt64Array.from({ length: batch * length }, () => BigInt(Math.floor(Math.random() * VOCABULARY))), [batch, length]);
  const feeds = { ids };
  if (session.inputNames.includes('mask')) feeds.mask = new ort.Tensor('bool', new Uint8Array(batch * length).fill(1), [batch, length]);
  for (let i = 0; i < 3; i++) await session.run(feeds);
  const start = performance.now(), before = process.cpuUsage();
  let steps = 0;
  while (performance.now() - start < 1000 * seconds) {
    await session.run(feeds);
    steps++;
  }
  const used = process.cpuUsage(before), tokens = batch * length * steps;
  console.log(JSON.stringify({
    program: 'onnxruntime-node', precision: 'float32', batch, length, threads,
    forward_tokens_per_second: Math.round(tokens / ((performance.now() - start) / 1000)),
    forward_tokens_per_processor_second: Math.round(tokens / ((used.user + used.system) / 1e6)),
  }));
})();

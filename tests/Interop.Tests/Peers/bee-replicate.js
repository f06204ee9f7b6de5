'use strict'
// bee-replicate.js --port N --version 10|11 --role source|reader [--key HEX] [--entries N] [--delay MS] [--no-hints]
// Replicates a bee over TCP and a secret stream on a line that is slow by so many milliseconds each way, so that round trips can be
// counted: they are two delays apart at least, and blocks that pass closer together belong to one. Lines on stdin: "get KEY", "list FROM TO", "count".
const fs = require('fs')
const net = require('net')
const os = require('os')
const path = require('path')
const readline = require('readline')
const NoiseSecretStream = require('@hyperswarm/secret-stream')
const Hyperbee = require('hyperbee')

const option = (name) => { const i = process.argv.indexOf('--' + name); return i < 0 ? null : process.argv[i + 1] }
const flag = (name) => process.argv.includes('--' + name)
const print = (event, fields) => console.log(JSON.stringify({ event, ...fields }))

const Hypercore = require(option('version') === '10' ? 'hypercore10' : 'hypercore')
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bee-replicate-'))
process.on('exit', () => fs.rmSync(folder, { recursive: true, force: true }))

const delay = Number(option('delay') || 0)
const passed = { blocks: 0, rounds: 0, last: 0 }

main().catch((err) => { print('error', { message: err.stack }); process.exit(1) })

async function main () {
  const source = option('role') === 'source'
  const core = source ? new Hypercore(folder) : new Hypercore(folder, Buffer.from(option('key'), 'hex'))
  const bee = new Hyperbee(core, { keyEncoding: 'utf-8', valueEncoding: 'utf-8', extension: !flag('no-hints') })
  await bee.ready()
  for (let i = 0; i < Number(option('entries') || 0); i++) await bee.put(name((i * 7919) % 10007), 'value-' + i)
  core.on(source ? 'upload' : 'download', count)
  print('core', { key: core.key.toString('hex'), length: core.length })

  const stream = new NoiseSecretStream(false, await slowLine())
  stream.on('error', (err) => print('error', { message: err.message }))
  core.replicate(stream)
  core.on('append', () => print('length', { length: core.length }))

  readline.createInterface({ input: process.stdin }).on('line', async (line) => {
    const [verb, from, to] = line.split(' ')
    if (verb === 'get') print('entry', { entry: await bee.get(from) })
    if (verb === 'list') {
      const keys = []
      for await (const entry of bee.createReadStream({ gte: from, lt: to })) keys.push(entry.key)
      print('list', { keys })
    }
    print('count', { blocks: passed.blocks, rounds: passed.rounds })
    passed.blocks = passed.rounds = 0
  })
}

function name (i) {
  return 'key' + String(i).padStart(5, '0')
}

function count () {
  const now = Date.now()
  if (now - passed.last > 1.5 * delay) passed.rounds++
  passed.last = now
  passed.blocks++
}

// A local port that passes bytes on to the other side, later.
function slowLine () {
  return new Promise((resolve) => {
    const server = net.createServer((near) => {
      const far = net.connect(Number(option('port')), '127.0.0.1')
      server.close()
      near.setNoDelay(true)
      far.setNoDelay(true)
      pass(near, far)
      pass(far, near)
    })
    server.listen(0, '127.0.0.1', () => resolve(net.connect(server.address().port, '127.0.0.1')))
  })

  function pass (from, to) {
    from.on('data', (data) => setTimeout(() => to.write(data), delay))
    from.on('close', () => to.destroy())
    from.on('error', () => to.destroy())
  }
}

'use strict'
// replicate-dht.js --bootstrap host:port --version 10|11 --role source|reader [--key HEX] [--peer HEX] [--blocks N]
// Replicates one core over hyperdht: a source listens and announces its discovery key, a reader dials a peer. Lines on stdin: "append TEXT".
const fs = require('fs')
const os = require('os')
const path = require('path')
const readline = require('readline')
const HyperDHT = require('hyperdht')

const option = (name) => { const i = process.argv.indexOf('--' + name); return i < 0 ? null : process.argv[i + 1] }
const print = (event, fields) => console.log(JSON.stringify({ event, ...fields }))

const Hypercore = require(option('version') === '10' ? 'hypercore10' : 'hypercore')
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'replicate-'))
process.on('exit', () => fs.rmSync(folder, { recursive: true, force: true }))

main().catch((err) => { print('error', { message: err.stack }); process.exit(1) })

async function main () {
  const [host, port] = option('bootstrap').split(':')
  const dht = new HyperDHT({ host: '127.0.0.1', port: 0, bootstrap: [{ host, port: Number(port) }] })
  const core = option('role') === 'source' ? new Hypercore(folder) : new Hypercore(folder, Buffer.from(option('key'), 'hex'))
  await core.ready()
  if (option('role') === 'source') {
    const batch = []
    for (let i = 0; i < Number(option('blocks')); i++) batch.push(Buffer.from('block-' + i))
    await core.append(batch)
    const server = dht.createServer((stream) => { stream.on('error', () => {}); core.replicate(stream) })
    const keyPair = HyperDHT.keyPair()
    await server.listen(keyPair)
    await dht.announce(core.discoveryKey, keyPair, server.relayAddresses).finished()
    print('core', { key: core.key.toString('hex'), publicKey: keyPair.publicKey.toString('hex') })
  } else {
    const stream = dht.connect(Buffer.from(option('peer'), 'hex'))
    stream.on('error', (err) => print('error', { message: err.message }))
    core.replicate(stream)
    core.download({ start: 0, end: -1 })
    const tell = async () => {
      if (core.length === 0 || core.contiguousLength !== core.length) return
      print('downloaded', { length: core.length, treeHash: (await core.treeHash()).toString('hex'), last: (await core.get(core.length - 1)).toString() })
    }
    core.on('download', tell)
    core.on('append', tell)
  }
  readline.createInterface({ input: process.stdin }).on('line', async (line) => {
    await core.append(Buffer.from(line.split(' ')[1]))
    print('done', { length: core.length })
  })
}

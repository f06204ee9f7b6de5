'use strict'
// corestore.js --version 6|7 --folder F [--primary-key HEX] [--port N] [--manifest-version N]
// A Corestore on a folder: version 6 keeps the files of Hypercore 10. With a port it replicates over TCP and a secret stream.
// JSON lines on stdin: {op: open, name|key, namespace: [..]}, append, read, get, leave (closes one core), close.
const net = require('net')
const readline = require('readline')
const NoiseSecretStream = require('@hyperswarm/secret-stream')

const option = (name) => { const i = process.argv.indexOf('--' + name); return i < 0 ? null : process.argv[i + 1] }
const Corestore = require(option('version') === '6' ? 'corestore6' : 'corestore')
const print = (event, fields) => console.log(JSON.stringify({ event, ...fields }))

main().catch((err) => { print('error', { message: err.stack }); process.exit(1) })

async function main () {
  const secret = option('primary-key')
  const store = new Corestore(option('folder'), {
    compat: false, manifestVersion: Number(option('manifest-version') || 1), notDownloadingLinger: 0, ...(secret ? { primaryKey: Buffer.from(secret, 'hex'), unsafe: true } : {})
  })
  await store.ready()
  const cores = new Map()
  if (option('port')) {
    const socket = net.connect(Number(option('port')), '127.0.0.1')
    const stream = new NoiseSecretStream(false, socket, { keyPair: NoiseSecretStream.keyPair(Buffer.alloc(32, 7)) })
    stream.on('error', (err) => print('error', { message: err.message }))
    store.replicate(stream)
  }
  print('store', { primaryKey: store.primaryKey.toString('hex') })

  const info = async (core) => ({
    key: core.key.toString('hex'),
    discoveryKey: core.discoveryKey.toString('hex'),
    length: core.length,
    writable: core.writable,
    treeHash: (await core.treeHash()).toString('hex')
  })
  const operations = {
    async open ({ name, key, namespace }) {
      const space = (namespace || []).reduce((store, part) => store.namespace(part), store)
      const core = name ? space.get({ name }) : space.get({ key: Buffer.from(key, 'hex'), notDownloadingLinger: 0 })
      await core.ready()
      cores.set(core.key.toString('hex'), core)
      return info(core)
    },
    async append ({ key, blocks }) {
      await cores.get(key).append(blocks.map((block) => Buffer.from(block, 'hex')))
      return info(cores.get(key))
    },
    async get ({ key, index }) {
      return { value: (await cores.get(key).get(index)).toString('hex') }
    },
    async read ({ key }) {
      const core = cores.get(key)
      const blocks = []
      for (let i = 0; i < core.length; i++) blocks.push((await core.get(i, { wait: false }))?.toString('hex') ?? null)
      return { ...await info(core), blocks }
    },
    async leave ({ key }) {
      await cores.get(key).close()
      return {}
    },
    async close () {
      await store.close()
      return {}
    }
  }
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const request = JSON.parse(line)
    operations[request.op](request).then(
      (result) => print('done', { request: request.request, ...result }),
      (err) => print('failed', { request: request.request, message: err.message }))
  }
}

'use strict'
// replicate.js --port N --version 10|11 --role source|reader [--initiator] [--key HEX] [--blocks N] [--compat] [--sparse I,J] [--push-only] [--updates] [--encryption HEX]
// Replicates one core over TCP and a secret stream. Lines on stdin:
// "append TEXT[,TEXT]", "truncate N", "connect", "greet TEXT", "push I,J", "seek BYTES", "update", "stats". Prints one JSON object per event.
const fs = require('fs')
const net = require('net')
const os = require('os')
const path = require('path')
const readline = require('readline')
const NoiseSecretStream = require('@hyperswarm/secret-stream')

const option = (name) => { const i = process.argv.indexOf('--' + name); return i < 0 ? null : process.argv[i + 1] }
const flag = (name) => process.argv.includes('--' + name)
const print = (event, fields) => console.log(JSON.stringify({ event, ...fields }))

const Hypercore = require(option('version') === '10' ? 'hypercore10' : 'hypercore')
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'replicate-'))
process.on('exit', () => fs.rmSync(folder, { recursive: true, force: true }))

main().catch((err) => { print('error', { message: err.stack }); process.exit(1) })

async function main () {
  const source = option('role') === 'source'
  const key = option('key') ? Buffer.from(option('key'), 'hex') : null
  const encryptionKey = option('encryption') ? Buffer.from(option('encryption'), 'hex') : null
  const core = source
    ? new Hypercore(folder, { compat: flag('compat'), encryptionKey })
    : new Hypercore(folder, key, { allowPush: flag('push-only'), pushOnly: flag('push-only'), encryptionKey })
  await core.ready()
  if (source) {
    const batch = []
    for (let i = 0; i < Number(option('blocks') || 0); i++) batch.push(Buffer.from('block-' + i))
    if (batch.length) await core.append(batch)
  }
  print('core', { key: core.key.toString('hex'), length: core.length })

  const greeting = core.registerExtension('greeting', {
    encoding: 'utf-8',
    onmessage (text, peer) { print('greeting', { text }); greeting.send('you said ' + text, peer) }
  })

  core.on('remote-contiguous-length', (length) => print('held', { length }))

  connect()
  function connect () {
    const socket = net.connect(Number(option('port')), '127.0.0.1')
    const stream = new NoiseSecretStream(flag('initiator'), socket, { keyPair: NoiseSecretStream.keyPair(Buffer.alloc(32, 7)) })
    stream.on('error', (err) => print('error', { message: err.message }))
    stream.on('close', () => print('closed'))
    core.replicate(stream)
  }

  if (flag('updates')) core.findingPeers()
  if (!source && !flag('updates')) {
    let told = ''
    core.on('append', () => print('length', { length: core.length }))
    if (option('sparse')) {
      for (const index of option('sparse').split(',')) {
        print('block', { index: Number(index), value: (await core.get(Number(index))).toString() })
      }
    } else {
      core.download({ start: 0, end: -1 })
      core.on('download', tell)
      core.on('append', tell)
      setInterval(tell, 100)
      // Version 11 does not look again at the part of a range that it had before the cut.
      core.on('truncate', () => { core.download({ start: 0, end: -1 }); tell() })
    }
    async function tell () {
      const state = core.fork + '/' + core.length
      if (core.contiguousLength !== core.length || state === told) return
      told = state
      const hash = require('crypto').createHash('sha256')
      for (let i = 0; i < core.length; i++) hash.update(await core.get(i))
      print('downloaded', { length: core.length, sha256: hash.digest('hex'), treeHash: (await core.treeHash()).toString('hex') })
    }
  }

  async function countStored () {
    let stored = 0
    for (let i = 0; i < core.length; i++) if (await core.has(i)) stored++
    return stored
  }

  readline.createInterface({ input: process.stdin }).on('line', async (line) => {
    const [verb, text] = line.split(' ')
    if (verb === 'connect') return connect()
    if (verb === 'seek') {
      const [block, offset] = await core.seek(Number(text))
      return print('sought', { block, offset, stored: await countStored() })
    }
    if (verb === 'update') return print('updated', { newer: await core.update(), length: core.length })
    if (verb === 'stats') return print('stats', { peer: core.peers[0].stats })
    if (verb === 'greet') return greeting.broadcast(text)
    if (verb === 'push') {
      while (!core.peers.some((peer) => peer.remoteAllowPush)) await new Promise((resolve) => setTimeout(resolve, 10))
      for (const index of text.split(',')) await core.core.replicator.push(Number(index))
    }
    if (verb === 'append') await core.append(text.split(',').map((one) => Buffer.from(one)))
    if (verb === 'truncate') await core.truncate(Number(text))
    print('done', { length: core.length, fork: core.fork, treeHash: (await core.treeHash()).toString('hex') })
  })
}

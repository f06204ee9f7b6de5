'use strict'
// One Hyperbee in a Hypercore 10 folder, driven by JSON lines: open, write, read, close.
const readline = require('readline')
const Hypercore = require('hypercore10')
const Hyperbee = require('hyperbee')
const crypto = require('hypercore-crypto')

let bee = null

const operations = {
  async open ({ folder, seed }) {
    const core = new Hypercore(folder, seed ? { keyPair: crypto.keyPair(Buffer.from(seed, 'hex')) } : { createIfMissing: false })
    bee = new Hyperbee(core, { keyEncoding: 'utf-8', valueEncoding: 'utf-8' })
    await bee.ready()
    return info()
  },
  // Each step is a list of changes [key, value | null]; a list of more than one is a batch.
  async write ({ steps }) {
    for (const step of steps) {
      const to = step.length === 1 ? bee : bee.batch()
      for (const [key, value] of step) await (value === null ? to.del(key) : to.put(key, value))
      if (to !== bee) await to.flush()
    }
    return info()
  },
  async read () {
    const entries = []
    for await (const { seq, key, value } of bee.createReadStream()) entries.push(`${seq} ${key}=${value}`)
    return { ...await info(), entries }
  },
  async diff ({ from }) {
    const differences = []
    for await (const { left, right } of bee.createDiffStream(from)) {
      differences.push(`${left ? left.key : right.key} ${left ? left.seq : '-'}/${right ? right.seq : '-'}`)
    }
    return { differences }
  },
  async close () {
    await bee.close()
    return {}
  }
}

async function info () {
  return { version: bee.version, treeHash: (await bee.core.treeHash()).toString('hex') }
}

async function main () {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const request = JSON.parse(line)
    try {
      console.log(JSON.stringify({ event: 'done', ...await operations[request.op](request) }))
    } catch (error) {
      console.log(JSON.stringify({ event: 'failed', message: error.stack }))
    }
  }
}

main()

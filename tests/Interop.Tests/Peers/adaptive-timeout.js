// Answers what adaptive-timeout makes of round trips: one line of samples in, one line for each of them out.
const readline = require('readline')
const AdaptiveTimeout = require('adaptive-timeout')

readline.createInterface({ input: process.stdin }).on('line', (line) => {
  const timeouts = new AdaptiveTimeout({ jitter: 0 })
  const after = () => [1, 2, 3, 4, 5, 6].map((attempt) => timeouts.get('node', attempt))
  const answers = [after()]
  for (const sample of JSON.parse(line)) {
    timeouts.put('node', sample)
    answers.push(after())
  }
  console.log(JSON.stringify({ answers }))
})

using System.Diagnostics;
using Hyper.Actors.Networking.Rpc;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.Protomux.Rpc;

namespace AuctionActors.Cli.Rpc;

/// <summary>The same call any number of times; the first, which connects, is timed apart.</summary>
internal sealed class RpcLoad(PublicKey server, RpcMethod method, ReadOnlyMemory<byte> value)
{
    private readonly List<double> _milliseconds = [];
    private TimeSpan _elapsed;

    public ReadOnlyMemory<byte> FirstValue { get; private set; }

    public double FirstMilliseconds { get; private set; }

    public double PerSecond => _milliseconds.Count / Math.Max(_elapsed.TotalSeconds, 1e-9);

    public double Percentile(double part) => _milliseconds.Count == 0 ? 0 : _milliseconds[Math.Min(_milliseconds.Count - 1, (int)(_milliseconds.Count * part))];

    /// <summary>Null when every call was answered, otherwise the first error.</summary>
    public async Task<RpcError?> RunAsync(HyperswarmRpcClient client, int count, int concurrency)
    {
        Stopwatch watch = Stopwatch.StartNew();
        RpcClientsProtocol.IEvent first = await client.CallAsync(server, method, value).ConfigureAwait(false);
        FirstMilliseconds = watch.Elapsed.TotalMilliseconds;
        if (first is not RpcClientsProtocol.Replied replied)
            return ((RpcClientsProtocol.Failed)first).Error;
        FirstValue = replied.Value;
        int left = count - 1;
        watch.Restart();
        RpcError?[] errors = await Task.WhenAll(Enumerable.Range(0, concurrency).Select(_ => WorkAsync())).ConfigureAwait(false);
        _elapsed = watch.Elapsed;
        _milliseconds.Sort();
        return errors.FirstOrDefault(error => error is not null);

        async Task<RpcError?> WorkAsync()
        {
            while (Interlocked.Decrement(ref left) >= 0)
            {
                long start = Stopwatch.GetTimestamp();
                RpcClientsProtocol.IEvent outcome = await client.CallAsync(server, method, value).ConfigureAwait(false);
                if (outcome is RpcClientsProtocol.Failed failed)
                    return failed.Error;
                lock (_milliseconds)
                    _milliseconds.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }

            return null;
        }
    }
}

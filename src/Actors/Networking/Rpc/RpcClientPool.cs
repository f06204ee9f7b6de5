using Hyper.Protocol.Cryptography;

namespace Hyper.Actors.Networking.Rpc;

/// <summary>Decides when to connect to a server, which calls go out, and when an idle connection is let go.</summary>
/// <remarks>Upstream lets go ten seconds after a call was sent, answered or not; here outstanding calls are counted.</remarks>
internal sealed class RpcClientPool(RpcClientsOptions options)
{
    private readonly Dictionary<PublicKey, PooledClient> _clients = [];
    private readonly Dictionary<long, PooledClient> _calls = [];
    private readonly Queue<PoolEffect> _effects = new();

    internal TimeSpan? NextDeadline
    {
        get
        {
            TimeSpan? earliest = null;
            foreach (PooledClient client in _clients.Values)
            {
                if (client.NextDeadline is { } deadline && !(earliest <= deadline))
                    earliest = deadline;
            }

            return earliest;
        }
    }

    internal bool TryTake([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out PoolEffect? effect) => _effects.TryDequeue(out effect);

    /// <summary>Takes a call whose number has not been used before; false when the pool or the server's queue is full.</summary>
    internal bool TryAdd(PublicKey server, long call, TimeSpan? deadline)
    {
        if (!_clients.TryGetValue(server, out PooledClient? client))
        {
            if (_clients.Count >= options.MaxClients)
                return false;
            _clients.Add(server, client = new PooledClient(server));
            _effects.Enqueue(new PoolEffect.Connect(server));
        }

        if (!client.IsReady && client.Calls.Count >= options.MaxWaitingCalls)
            return false;
        client.Calls.Add(call, deadline);
        client.ReleaseAt = null;
        _calls.Add(call, client);
        if (client.IsReady)
            _effects.Enqueue(new PoolEffect.Dispatch(server, call));
        return true;
    }

    internal void HandleReady(PublicKey server, TimeSpan now)
    {
        if (!_clients.TryGetValue(server, out PooledClient? client) || client.IsReady)
            return;
        client.IsReady = true;
        foreach (long call in client.Calls.Keys)
            _effects.Enqueue(new PoolEffect.Dispatch(server, call));
        LingerIfIdle(client, now);
    }

    /// <summary>A dispatched call has its answer.</summary>
    internal void HandleSettled(long call, TimeSpan now)
    {
        if (!_calls.Remove(call, out PooledClient? client))
            return;
        client.Calls.Remove(call);
        LingerIfIdle(client, now);
    }

    /// <summary>The connection did not come about, or is gone; calls that were dispatched have been settled by their session.</summary>
    internal void HandleGone(PublicKey server)
    {
        if (!_clients.Remove(server, out PooledClient? client))
            return;
        foreach (long call in client.Calls.Keys)
        {
            _calls.Remove(call);
            _effects.Enqueue(new PoolEffect.Fail(call, IsTimeout: false));
        }
    }

    internal void HandleTimeout(TimeSpan now)
    {
        foreach (PooledClient client in _clients.Values.Where(client => client.NextDeadline <= now).ToArray())
        {
            if (client.IsReady)
            {
                _clients.Remove(client.Server);
                _effects.Enqueue(new PoolEffect.Release(client.Server));
                continue;
            }

            foreach (long call in client.Calls.Where(waiting => waiting.Value <= now).Select(waiting => waiting.Key).ToArray())
            {
                client.Calls.Remove(call);
                _calls.Remove(call);
                _effects.Enqueue(new PoolEffect.Fail(call, IsTimeout: true));
            }
        }
    }

    private void LingerIfIdle(PooledClient client, TimeSpan now)
    {
        if (client.IsReady && client.Calls.Count == 0)
            client.ReleaseAt = now + options.Linger;
    }

    private sealed class PooledClient(PublicKey server)
    {
        internal PublicKey Server => server;

        internal bool IsReady { get; set; }

        /// <summary>Calls that wait for the connection or for their answer, and when they give up.</summary>
        internal Dictionary<long, TimeSpan?> Calls { get; } = [];

        internal TimeSpan? ReleaseAt { get; set; }

        // Once dispatched, a call is timed by its session.
        internal TimeSpan? NextDeadline => IsReady ? ReleaseAt : Calls.Values.Min();
    }
}

/// <summary>What the pool of clients decides.</summary>
internal abstract record PoolEffect
{
    internal sealed record Connect(PublicKey Server) : PoolEffect;

    internal sealed record Dispatch(PublicKey Server, long Call) : PoolEffect;

    internal sealed record Fail(long Call, bool IsTimeout) : PoolEffect;

    internal sealed record Release(PublicKey Server) : PoolEffect;
}

using System.Diagnostics.CodeAnalysis;
using Hyper.Protocol.Cryptography;

namespace Hyper.Actors.Swarm.Peers;

/// <summary>RPC calls of the owner: those that wait for a connection and those that wait for an answer.</summary>
internal sealed class PeerCalls(int limit)
{
    private readonly Dictionary<PublicKey, List<PeerProtocol.CallRpc>> _waiting = [];
    private readonly Dictionary<long, PublicKey> _sent = [];

    /// <summary>Keeps a call until there is a connection; false when too many wait.</summary>
    public bool TryWait(PeerProtocol.CallRpc call)
    {
        if (!_waiting.TryGetValue(call.Remote, out List<PeerProtocol.CallRpc>? calls))
            _waiting.Add(call.Remote, calls = []);
        if (calls.Count >= limit)
            return false;
        calls.Add(call);
        return true;
    }

    /// <summary>The calls that waited for a remote, in their order.</summary>
    public IReadOnlyList<PeerProtocol.CallRpc> TakeWaiting(PublicKey remote)
        => _waiting.Remove(remote, out List<PeerProtocol.CallRpc>? calls) ? calls : [];

    public void Sent(PeerProtocol.CallRpc call) => _sent[call.Request.Value] = call.Remote;

    /// <summary>Whom a call went to that has now ended; false for one that is not known.</summary>
    public bool TryEnd(long request, [NotNullWhen(true)] out PublicKey? remote)
    {
        bool known = _sent.Remove(request, out PublicKey key);
        remote = known ? key : null;
        return known;
    }
}

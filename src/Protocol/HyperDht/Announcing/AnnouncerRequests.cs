using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.DhtRpc.Messages;
using Hyper.Protocol.DhtRpc.Requests;
using Hyper.Protocol.HyperDht.Messages;
using Hyper.Protocol.HyperDht.Records;

namespace Hyper.Protocol.HyperDht.Announcing;

/// <summary>What a request of an announcer is for.</summary>
internal enum AnnounceStep
{
    Commit,
    Ping,
    FetchToken,
    Unannounce,
}

/// <summary>The requests of an announcer that are not answered yet.</summary>
internal sealed class AnnouncerRequests(KeyPair keyPair, Bytes32 target, Queue<AnnouncerEffect> effects)
{
    private readonly Dictionary<AnnounceTicket, (AnnounceStep Step, HolepunchRelay Relay)> _pending = [];
    private int _lastTicket;

    public bool IsEmpty => _pending.Count == 0;

    public bool Awaits(AnnounceStep step)
    {
        foreach ((AnnounceStep pending, _) in _pending.Values)
        {
            if (pending == step)
                return true;
        }

        return false;
    }

    public bool TryEnd(AnnounceTicket ticket, out AnnounceStep step, out HolepunchRelay relay)
    {
        bool isPending = _pending.Remove(ticket, out (AnnounceStep, HolepunchRelay) ended);
        (step, relay) = ended;
        return isPending;
    }

    /// <summary>Asks a node that was found to relay for the server.</summary>
    public void Commit(ReceivedReply found) => SendSigned(AnnouncePurpose.Announce, AnnounceStep.Commit, found);

    public void Ping(HolepunchRelay relay) => Send(new OutgoingRequest(relay.RelayAddress, DhtCommand.Ping), AnnounceStep.Ping, relay);

    /// <summary>Asks for what an unannouncement needs.</summary>
    public void FetchToken(PeerAddress node)
        => Send(
            new OutgoingRequest(node, HyperDhtCommand.FindPeer.ToDht()) { Target = target },
            AnnounceStep.FetchToken,
            new HolepunchRelay(node, default));

    public void Unannounce(ReceivedReply token) => SendSigned(AnnouncePurpose.Unannounce, AnnounceStep.Unannounce, token);

    private void SendSigned(AnnouncePurpose purpose, AnnounceStep step, ReceivedReply to)
    {
        if (RecordQueries.SignedRequest(purpose, target, to, new PeerRecord(keyPair.PublicKey), keyPair) is { } request)
            Send(request, step, new HolepunchRelay(to.From, to.To));
    }

    private void Send(OutgoingRequest request, AnnounceStep step, HolepunchRelay relay)
    {
        AnnounceTicket ticket = new(++_lastTicket);
        _pending[ticket] = (step, relay);
        effects.Enqueue(new AnnouncerEffect.Send(ticket, request));
    }
}

using Akka.Actor;
using AuctionActors.Auctions.Rules.Folding;
using Hyper.Actors.Swarm.Peers;
using Hyper.Protocol.CompactEncoding;

namespace AuctionActors.Auctions.Market.Participants;

/// <summary>Calls of sellers who want to know when this participant has come to a place of a chain. Whoever waits too long gives up.</summary>
internal sealed class HeldCalls(Desk desk, RpcDesk answers)
{
    private const int MaxHeld = 256;
    private readonly List<(Bytes32 Auction, ulong Sequence, RpcCallId Call)> _held = [];

    /// <summary>Answers where the copy stands once it has come so far.</summary>
    public void Add(Bytes32 auction, ulong sequence, RpcCallId call)
    {
        if (_held.Count == MaxHeld)
        {
            desk.Peer.Tell(new PeerProtocol.RefuseRpc(_held[0].Call, AuctionMethods.TryAgain, "too many wait"));
            _held.RemoveAt(0);
        }

        _held.Add((auction, sequence, call));
        if (desk.Directory.Find(auction) is { IsKnown: true } state)
            Handle(state);
    }

    public void Handle(AuctionState state)
    {
        for (int i = _held.Count - 1; i >= 0; i--)
        {
            if (_held[i].Auction != state.Id || _held[i].Sequence > state.Head.Sequence)
                continue;
            if (answers.Head(state.Id, desk.Runtime.Clock.UnixMilliseconds) is { } note)
                desk.Peer.Tell(new PeerProtocol.AnswerRpc(_held[i].Call, note));
            _held.RemoveAt(i);
        }
    }
}

using System.Collections.Immutable;
using AuctionActors.Auctions.Market.Participants;
using AuctionActors.Simulation.Properties;

namespace AuctionActors.Simulation.Running;

/// <summary>Puts together what the participants answer to one round of questions.</summary>
internal sealed class ViewCollector
{
    // Below zero, so that the numbers never meet those of the workload's commands.
    private long _nextRequest = -1;
    private readonly Dictionary<long, string> _open = [];
    private readonly SortedDictionary<int, ParticipantView> _views = [];
    private readonly Dictionary<string, int> _order = [];

    public bool IsOpen => _open.Count > 0;

    /// <summary>Peers that have not answered.</summary>
    public IEnumerable<string> Silent => _open.Values.Distinct();

    /// <summary>The questions of a new round, in the order of the peers.</summary>
    public IEnumerable<(string Peer, ParticipantProtocol.IQuery Query)> AskAll(IEnumerable<(string Peer, ParticipantIdentity? Identity)> peers)
    {
        _open.Clear();
        _views.Clear();
        foreach ((string peer, ParticipantIdentity? identity) in peers)
        {
            _order.TryAdd(peer, _order.Count);
            _views.Add(_order[peer], new ParticipantView(peer, identity, [], []));
            _open.Add(_nextRequest, peer);
            yield return (peer, new ParticipantProtocol.ListAuctions(_nextRequest--));
            _open.Add(_nextRequest, peer);
            yield return (peer, new ParticipantProtocol.GetCores(_nextRequest--));
        }
    }

    /// <summary>Takes an answer; true when it was the last one of the round.</summary>
    public bool TryComplete(ParticipantProtocol.IReply reply)
    {
        if (!_open.Remove(reply.RequestId, out string? peer))
            return false;
        int place = _order[peer];
        _views[place] = reply switch
        {
            ParticipantProtocol.AuctionsListed list => _views[place] with { Auctions = list.Auctions },
            ParticipantProtocol.CoresListed list => _views[place] with { Cores = list.Cores },
            _ => _views[place],
        };
        return _open.Count == 0;
    }

    public ImmutableArray<ParticipantView> Views => [.. _views.Values];
}

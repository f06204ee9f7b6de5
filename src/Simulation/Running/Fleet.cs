using AuctionActors.Auctions.Market.Participants;

namespace AuctionActors.Simulation.Running;

/// <summary>The participants of a run and which of them are ready.</summary>
internal sealed class Fleet(IEnumerable<string> names)
{
    private readonly List<string> _names = [.. names];
    private readonly Dictionary<string, ParticipantIdentity> _identities = [];

    public IReadOnlyList<string> Names => _names;

    public bool IsReady => _identities.Count == _names.Count;

    public IEnumerable<string> NotReady => _names.Where(name => !_identities.ContainsKey(name));

    public IEnumerable<(string Name, ParticipantIdentity? Identity)> Members
        => _names.Select(name => (name, _identities.GetValueOrDefault(name)));

    public void Ready(string name, ParticipantIdentity identity) => _identities[name] = identity;
}

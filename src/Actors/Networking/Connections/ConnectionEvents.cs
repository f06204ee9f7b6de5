using System.Collections.Immutable;
using Hyper.Actors.Runtime.Events;
using Hyper.Protocol.CompactEncoding;

namespace Hyper.Actors.Networking.Connections;

/// <summary>Writes the life of a connection to the event log, under the name that both of its ends compute.</summary>
internal sealed class ConnectionEvents(IEventRecorder events)
{
    public void Record(EventKind kind, ConnectionProtocol.Establish? established, ImmutableArray<PeerAddress> paths, string text)
    {
        string connection = established is null ? "none" : Convert.ToHexStringLower(established.Session.HandshakeHash.AsSpan(0, 8));
        events.Record(new EventEntry(kind)
        {
            To = paths is [.., PeerAddress address] ? address : null,
            Text = text,
            Correlations = [new Correlation("conn", connection)],
        });
    }
}

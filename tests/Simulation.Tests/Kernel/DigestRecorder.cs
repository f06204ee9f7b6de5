using System.Text;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Events;
using Hyper.Protocol.Cryptography;

namespace AuctionActors.Simulation.Tests.Kernel;

/// <summary>Every event as one line, and the hash of all lines.</summary>
internal sealed class DigestRecorder(IClock clock) : IEventRecorder
{
    private readonly StringBuilder _lines = new();
    private ulong _next;

    public string Lines => _lines.ToString();

    public string Digest => Blake2b.Hash256(Encoding.UTF8.GetBytes(Lines)).ToHex();

    public bool Records(EventKind kind)
        => kind is EventKind.NetSend or EventKind.NetReceive or EventKind.NetDrop or EventKind.DhtPing;

    public EventId Record(in EventEntry entry)
    {
        ulong cause = entry.Cause.IsNone ? CurrentCause.Id.Value : entry.Cause.Value;
        string actor = (entry.Actor ?? CurrentCause.Actor) is { } path ? ActorNames.Label(path) : "-";
        _lines.Append(clock.Now.Ticks).Append(' ').Append(++_next).Append('<').Append(cause).Append(' ').Append(entry.Kind.Name())
            .Append(' ').Append(entry.Peer).Append(' ').Append(actor).Append(' ').Append(entry.Message?.Hash).Append('.')
            .Append(entry.Message?.Copy).Append(' ').Append(entry.From).Append('>').Append(entry.To).Append(' ')
            .Append(entry.Type).Append(' ').Append(entry.Text).Append('\n');
        return new EventId(_next);
    }
}

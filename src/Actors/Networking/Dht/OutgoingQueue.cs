using System.Runtime.InteropServices;
using Hyper.Actors.Runtime;
using Hyper.Protocol.CompactEncoding;

namespace Hyper.Actors.Networking.Dht;

/// <summary>Datagrams that leave a port together.</summary>
internal sealed class OutgoingQueue(IDatagramPort port)
{
    private readonly List<OutgoingDatagram> _waiting = [];

    public PeerAddress LocalAddress => port.LocalAddress;

    /// <summary>One with a limited way to go is sent by itself, after those before it.</summary>
    public void Add(ReadOnlyMemory<byte> bytes, PeerAddress to, int timeToLive)
    {
        if (timeToLive > 0)
        {
            Flush();
            port.Send(bytes.Span, to, timeToLive);
        }
        else
        {
            _waiting.Add(new OutgoingDatagram(bytes, to));
        }
    }

    public void Flush()
    {
        if (_waiting.Count == 0)
            return;
        port.Send(CollectionsMarshal.AsSpan(_waiting));
        _waiting.Clear();
    }
}

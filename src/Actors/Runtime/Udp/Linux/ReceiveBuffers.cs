using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Hyper.Protocol.CompactEncoding;

namespace Hyper.Actors.Runtime.Udp.Linux;

/// <summary>Memory for one reading of many datagrams; the system may have put equal ones of one sender together.</summary>
internal sealed unsafe class ReceiveBuffers
{
    /// <summary>The most messages that one reading takes.</summary>
    public const int Messages = 16;

    private const int MessageBytes = 65536;
    private const int NameBytes = 16;
    private const int ControlBytes = 64;

    // struct cmsghdr: length, level, type; then the value, here the size of each datagram but the last.
    private const int ControlLevel = 8;
    private const int ControlType = 12;
    private const int ControlValue = 16;

    private readonly byte* _bytes = (byte*)NativeMemory.Alloc(Messages * MessageBytes);
    private readonly byte* _names = (byte*)NativeMemory.AllocZeroed(Messages * NameBytes);
    private readonly byte* _controls = (byte*)NativeMemory.AllocZeroed(Messages * ControlBytes);
    private readonly LibC.Vector* _vectors = (LibC.Vector*)NativeMemory.AllocZeroed(Messages, (nuint)sizeof(LibC.Vector));
    private readonly LibC.MessageEntry* _messages = (LibC.MessageEntry*)NativeMemory.AllocZeroed(Messages, (nuint)sizeof(LibC.MessageEntry));

    public ReceiveBuffers() => Prepare(Messages);

    /// <summary>Counts how often the thread has looked for sockets to read.</summary>
    public long Round { get; set; }

    /// <summary>Everything that has arrived, up to a limit; null when nothing has. A failure of the socket is counted and skipped.</summary>
    /// <param name="socket">To read.</param>
    /// <param name="most">At most <see cref="Messages"/>; to look for one more takes time when it is not there.</param>
    /// <param name="count">Messages that were read, each of one datagram or of several that were put together.</param>
    /// <param name="failures">0 or 1.</param>
    public DatagramBatch? Read(int socket, int most, out int count, out int failures)
    {
        failures = 0;
        count = LibC.recvmmsg(socket, _messages, (uint)most, LibC.DoNotWait, null);
        if (count <= 0)
        {
            failures = count < 0 && Marshal.GetLastPInvokeError() is not (LibC.TryAgain or LibC.Interrupted) ? 1 : 0;
            return null;
        }

        int total = 0, datagrams = 0;
        for (int i = 0; i < count; i++)
        {
            total += (int)_messages[i].Length;
            datagrams += Parts(i);
        }

        DatagramBatch batch = new(datagrams, total);
        for (int i = 0; i < count; i++)
            AddParts(batch, i);
        Prepare(count);
        return batch;
    }

    /// <summary>The system writes into the entries that it uses.</summary>
    private void Prepare(int count)
    {
        for (int i = 0; i < count; i++)
        {
            _vectors[i] = new LibC.Vector { Start = _bytes + (i * MessageBytes), Length = MessageBytes };
            _messages[i] = new LibC.MessageEntry
            {
                Name = _names + (i * NameBytes),
                NameLength = NameBytes,
                Vectors = _vectors + i,
                VectorCount = 1,
                Control = _controls + (i * ControlBytes),
                ControlLength = ControlBytes,
            };
        }
    }

    private void AddParts(DatagramBatch batch, int index)
    {
        ReadOnlySpan<byte> name = new(_names + (index * NameBytes), NameBytes);
        PeerAddress from = new(BinaryPrimitives.ReadUInt32BigEndian(name[4..]), BinaryPrimitives.ReadUInt16BigEndian(name[2..]));
        ReadOnlySpan<byte> bytes = new(_bytes + (index * MessageBytes), (int)_messages[index].Length);
        int part = PartBytes(index);
        do
        {
            int length = Math.Min(part, bytes.Length);
            batch.Add(from, bytes[..length]);
            bytes = bytes[length..];
        }
        while (!bytes.IsEmpty);
    }

    private int Parts(int index) => Math.Max(1, ((int)_messages[index].Length + PartBytes(index) - 1) / PartBytes(index));

    private int PartBytes(int index)
    {
        if (_messages[index].ControlLength < ControlValue + sizeof(int))
            return MessageBytes;
        ReadOnlySpan<byte> control = new(_controls + (index * ControlBytes), ControlBytes);
        bool isSize = BinaryPrimitives.ReadInt32LittleEndian(control[ControlLevel..]) == LibC.SocketLevelUdp
            && BinaryPrimitives.ReadInt32LittleEndian(control[ControlType..]) == LibC.OptionCoalesce;
        int size = isSize ? BinaryPrimitives.ReadInt32LittleEndian(control[ControlValue..]) : 0;
        return size > 0 ? size : MessageBytes;
    }
}

using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Hyper.Protocol.CompactEncoding;

namespace Hyper.Actors.Runtime.Udp.Linux;

/// <summary>
/// Sends many datagrams with few calls: those of equal length to one address go to the system in one piece, which cuts it
/// on its way out, and several pieces go in one call. Each thread has one such memory for all sockets: a process may have thousands of them.
/// </summary>
internal sealed unsafe class SendBuffers
{
    private const int Bytes = 128 * 1024;
    private const int Pieces = 64;
    private const int SegmentsInPiece = 64;
    private const int LargestPiece = 65000;

    // To copy less is cheaper than to pin it.
    private const int ShortestPinned = 4096;
    private const int AddressFamilyInternet = 2;
    private const int NameBytes = 16;
    private const int ControlBytes = 24;
    private const int ControlLength = 18;
    private const int WritableWithin = 20;
    private const int InputOutputError = 5;
    private const int InvalidArgument = 22;
    private const int MessageTooLong = 90;
    private const int NotSupported = 95;

    [ThreadStatic]
    private static SendBuffers? t_ofThread;

    private readonly int[] _counts = new int[Pieces];
    private readonly List<MemoryHandle> _pins = [];
    private readonly byte* _names = (byte*)NativeMemory.AllocZeroed(Pieces * NameBytes);
    private readonly byte* _controls = (byte*)NativeMemory.AllocZeroed(Pieces * ControlBytes);
    private readonly LibC.Vector* _vectors = (LibC.Vector*)NativeMemory.AllocZeroed(Pieces, (nuint)sizeof(LibC.Vector));
    private readonly LibC.MessageEntry* _messages = (LibC.MessageEntry*)NativeMemory.AllocZeroed(Pieces, (nuint)sizeof(LibC.MessageEntry));
    private readonly byte* _bytes = (byte*)NativeMemory.Alloc(Bytes);
    private int _used;
    private int _pieces;

    private SendBuffers()
    {
    }

    ~SendBuffers()
    {
        NativeMemory.Free(_bytes);
        NativeMemory.Free(_names);
        NativeMemory.Free(_controls);
        NativeMemory.Free(_vectors);
        NativeMemory.Free(_messages);
    }

    public static SendBuffers OfThread => t_ofThread ??= new SendBuffers();

    /// <summary>Datagrams that the system has taken; the others are lost.</summary>
    /// <param name="segments">Cleared when the device cannot cut pieces.</param>
    public int Send(int socket, ReadOnlySpan<OutgoingDatagram> batch, ref bool segments)
    {
        int sent = 0;
        while (!batch.IsEmpty)
        {
            try
            {
                Gather(batch, segments);
                batch = batch[Flush(socket, ref segments, out int taken)..];
                sent += taken;
            }
            finally
            {
                Unpin();
            }
        }

        return sent;
    }

    /// <summary>False when the system has not taken the datagram.</summary>
    public bool Send(int socket, ReadOnlySpan<byte> datagram, PeerAddress to)
    {
        (_used, _pieces) = (0, 0);
        BeginPiece(to);
        Append(datagram);
        return Transmit(socket, 0, out _) == 1;
    }

    /// <summary>Makes pieces of as many datagrams as fit, at least one; those that do not lie back to back are copied.</summary>
    private void Gather(ReadOnlySpan<OutgoingDatagram> batch, bool segments)
    {
        (_used, _pieces) = (0, 0);
        int index = 0;
        while (index < batch.Length && _pieces < Pieces)
        {
            int count = segments ? RunLength(batch[index..]) : 1;
            ReadOnlySpan<OutgoingDatagram> run = batch.Slice(index, count);
            int length = (count - 1) * run[0].Bytes.Length + run[^1].Bytes.Length;
            bool isPinned = length >= ShortestPinned && IsOnePiece(run);
            if (!isPinned && _used + length > Bytes && index > 0)
                break;
            BeginPiece(run[0].To);
            if (isPinned)
                Point(run[0].Bytes, length);
            for (int i = 0; i < count && !isPinned; i++)
                Append(run[i].Bytes.Span);
            if (count > 1)
                CutInto(run[0].Bytes.Length);
            _counts[_pieces - 1] = count;
            index += count;
        }
    }

    /// <summary>Datagrams from the first on that may go as one piece: all of one length, but the last may be shorter.</summary>
    private static int RunLength(ReadOnlySpan<OutgoingDatagram> batch)
    {
        int segment = batch[0].Bytes.Length;
        int most = segment == 0 ? 1 : Math.Min(Math.Min(SegmentsInPiece, LargestPiece / segment), batch.Length);
        int count = 1;
        while (count < most && batch[count].To == batch[0].To && batch[count - 1].Bytes.Length == segment
            && batch[count].Bytes.Length is > 0 and var length && length <= segment)
            count++;
        return count;
    }

    private static bool IsOnePiece(ReadOnlySpan<OutgoingDatagram> run)
    {
        ref byte next = ref MemoryMarshal.GetReference(run[0].Bytes.Span);
        foreach (OutgoingDatagram datagram in run)
        {
            if (!Unsafe.AreSame(ref next, ref MemoryMarshal.GetReference(datagram.Bytes.Span)))
                return false;
            next = ref Unsafe.Add(ref next, datagram.Bytes.Length);
        }

        return true;
    }

    private void Point(ReadOnlyMemory<byte> first, int length)
    {
        MemoryHandle pin = first.Pin();
        _pins.Add(pin);
        _vectors[_pieces - 1] = new LibC.Vector { Start = pin.Pointer, Length = (nuint)length };
    }

    private void Unpin()
    {
        foreach (MemoryHandle pin in _pins)
            pin.Dispose();
        _pins.Clear();
    }

    private void BeginPiece(PeerAddress to)
    {
        Span<byte> name = new(_names + (_pieces * NameBytes), NameBytes);
        BinaryPrimitives.WriteInt16LittleEndian(name, AddressFamilyInternet);
        BinaryPrimitives.WriteUInt16BigEndian(name[2..], to.Port);
        BinaryPrimitives.WriteUInt32BigEndian(name[4..], to.Host);
        _vectors[_pieces] = new LibC.Vector { Start = _bytes + _used };
        _messages[_pieces] = new LibC.MessageEntry
        {
            Name = _names + (_pieces * NameBytes),
            NameLength = NameBytes,
            Vectors = _vectors + _pieces,
            VectorCount = 1,
        };
        _pieces++;
    }

    private void Append(ReadOnlySpan<byte> datagram)
    {
        datagram.CopyTo(new Span<byte>(_bytes + _used, Bytes - _used));
        _used += datagram.Length;
        _vectors[_pieces - 1].Length += (nuint)datagram.Length;
    }

    // struct cmsghdr: length, level, type; then the size of a segment.
    private void CutInto(int segment)
    {
        byte* control = _controls + ((_pieces - 1) * ControlBytes);
        Span<byte> bytes = new(control, ControlBytes);
        BinaryPrimitives.WriteInt64LittleEndian(bytes, ControlLength);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[8..], LibC.SocketLevelUdp);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[12..], LibC.OptionSegment);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[16..], (ushort)segment);
        _messages[_pieces - 1].Control = control;
        _messages[_pieces - 1].ControlLength = ControlBytes;
    }

    /// <summary>Goes on behind a piece that was refused; one that the device cannot cut is left for sending singly.</summary>
    private int Flush(int socket, ref bool segments, out int sent)
    {
        int done = 0, index = 0;
        sent = 0;
        while (true)
        {
            int taken = Transmit(socket, done, out int error);
            for (; taken > 0; taken--, done++)
            {
                index += _counts[done];
                sent += _counts[done];
            }

            if (done == _pieces)
                return index;
            bool isUncut = _counts[done] > 1 && error is InvalidArgument or InputOutputError or MessageTooLong or NotSupported;
            if (isUncut)
            {
                segments = false;
                return index;
            }

            index += _counts[done++];
        }
    }

    /// <summary>Pieces that the system has taken, waiting a little when its buffer is full.</summary>
    private int Transmit(int socket, int from, out int error)
    {
        int sent = 0;
        error = 0;
        while (from + sent < _pieces)
        {
            int count = Hand(socket, _messages + from + sent, _pieces - from - sent);
            if (count > 0)
            {
                sent += count;
                continue;
            }

            error = Marshal.GetLastPInvokeError();
            if (error != LibC.Interrupted && (error != LibC.TryAgain || !WaitUntilWritable(socket)))
                return sent;
        }

        return sent;
    }

    // The call for one datagram takes less time, and one is what most sends are.
    private static int Hand(int socket, LibC.MessageEntry* messages, int count)
    {
        if (count > 1 || messages->ControlLength > 0)
            return LibC.sendmmsg(socket, messages, (uint)count, LibC.DoNotWait);
        LibC.Vector* bytes = messages->Vectors;
        return LibC.sendto(socket, bytes->Start, bytes->Length, LibC.DoNotWait, messages->Name, messages->NameLength) < 0 ? -1 : 1;
    }

    private static bool WaitUntilWritable(int socket)
    {
        LibC.PollEntry entry = new() { Descriptor = socket, Wanted = LibC.PollOut };
        return LibC.poll(&entry, 1, WritableWithin) > 0;
    }
}

using AuctionActors.Protocol.Tests.Hypercore.Files;
using CsCheck;
using Hyper.Protocol.Hypercore;
using Hyper.Protocol.Hypercore.Bitfield;
using Hyper.Protocol.Hypercore.Files;

namespace AuctionActors.Protocol.Tests.Hypercore.Bitfield;

public sealed class BlockBitfieldTests
{
    private const int Size = 3 * BlockBitfield.BitsPerPage;

    private static readonly Gen<(int Start, int Count, bool Value)[]> s_changes =
        Gen.Select(Gen.Int[0, Size - 1], Gen.Int[0, BlockBitfield.BitsPerPage + 100], Gen.Bool)
            .Select((start, count, value) => (start, Math.Min(count, Size - start), value)).Array[1, 12];

    [Fact]
    public void It_agrees_with_an_array_of_flags_even_when_pages_are_evicted_and_read_again()
        => s_changes.Sample(changes =>
        {
            MemoryCoreFiles files = new();
            BlockBitfield bitfield = new(files[CoreFile.Bitfield], maxCleanPages: 1);
            bool[] model = new bool[Size];
            long id = 0;
            foreach ((int start, int count, bool value) in changes)
            {
                bitfield.SetRange(start, count, value);
                model.AsSpan(start, count).Fill(value);
                foreach (FileWrite write in bitfield.TakeWrites(new PersistId(++id)))
                    files.Apply(write);
                if ((start & 1) == 0)
                    bitfield.HandlePersisted(new PersistId(id));
                if (!Agrees(bitfield, model, start) || !Agrees(bitfield, model, start + count))
                    return false;
            }

            return Agrees(new BlockBitfield(files[CoreFile.Bitfield], 1), model, changes[0].Start);
        }, iter: 200);

    private static bool Agrees(BlockBitfield bitfield, bool[] model, int at)
    {
        at = Math.Min(at, Size - 1);
        int nextSet = Array.IndexOf(model, true, at), nextUnset = Array.IndexOf(model, false, at);
        return bitfield.Get(at) == model[at]
            && bitfield.FindFirst(true, at) == nextSet
            && bitfield.FindFirst(false, at) == (nextUnset < 0 ? Size : nextUnset)
            && bitfield.FindLastSet(at) == Array.LastIndexOf(model, true, at);
    }
}

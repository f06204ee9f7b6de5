namespace Hyper.Protocol.HypercoreReplication.Blocks;

/// <summary>How long the blocks of a core are, going by those that passed lately.</summary>
internal sealed class BlockLengths
{
    private const int Smoothing = 16;
    private long _average;

    public void Note(long length) => _average = _average == 0 ? length : _average + ((length - _average) / Smoothing);

    /// <summary>How many such blocks some memory holds; the greatest number until one has passed.</summary>
    public int CountWithin(int bytes, int fewest, int most)
        => (int)Math.Clamp(bytes / Math.Max(_average, 1), Math.Min(fewest, most), most);
}

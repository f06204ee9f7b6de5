namespace Hyper.Actors.Storage.Cores;

/// <summary>Blocks that follow each other.</summary>
public readonly record struct BlockRun(long Start, long Count)
{
    public bool Contains(long block) => block >= Start && block - Start < Count;

    /// <summary>Takes the blocks out of a table, looking at its entries or at the blocks, whichever are fewer.</summary>
    public void RemoveFrom<T>(IDictionary<long, T> table)
    {
        if (table.Count == 0)
            return;
        if (Count > table.Count)
        {
            foreach (long block in table.Keys.Where(Contains).ToArray())
                table.Remove(block);
            return;
        }

        for (long block = Start; block < Start + Count; block++)
            table.Remove(block);
    }
}

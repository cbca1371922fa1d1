namespace Strata.Clustering.Layers;

/// <summary>How a user stood when they acted: their weights above zero on layers, without whose they are.</summary>
/// <param name="Offset">Offset of the act's point in its log.</param>
/// <param name="LayerIds">Layers, heaviest first.</param>
/// <param name="Shares">Share of each, in 255ths of the heaviest.</param>
/// <param name="Mark">What the user's name does to a sketch that counts users: register times 256, and the value that it gets.</param>
public sealed record UserRow(long Offset, IReadOnlyList<uint> LayerIds, ReadOnlyMemory<byte> Shares, uint Mark);

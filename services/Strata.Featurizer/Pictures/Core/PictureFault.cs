namespace Strata.Featurizer.Pictures.Core;

/// <summary>Why a picture cannot be used. Its name in lower case is what metrics and <c>ItemFeatures.picture_fault</c> say.</summary>
internal enum PictureFault
{
    /// <summary>It can be used.</summary>
    None,

    /// <summary>No JPEG, PNG, WebP or GIF by its first bytes, or its header says nothing that a decoder understands.</summary>
    Format,

    /// <summary>More pixels than are decoded.</summary>
    Pixels,

    /// <summary>It ends early, or is damaged on the way.</summary>
    Damaged,
}

internal static class PictureFaultNames
{
    /// <summary>The fault as metrics and features say it.</summary>
    public static string Name(this PictureFault fault) => fault switch
    {
        PictureFault.None => "",
        PictureFault.Format => "format",
        PictureFault.Pixels => "pixels",
        _ => "damaged",
    };
}

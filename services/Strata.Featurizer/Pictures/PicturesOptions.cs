using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Strata.Featurizer.Pictures;

/// <summary>Which picture encoder is used and how. It is loaded when the first item with a picture comes.</summary>
public sealed class PicturesOptions
{
    public const string SectionName = "Featurizer:Pictures";

    /// <summary>False: pictures are not looked at.</summary>
    /// <value>The default is true; without pictures it costs nothing.</value>
    public bool Enabled { get; set; } = true;

    /// <summary>Name of the encoder, kept with every vector. Give another model another name.</summary>
    /// <value>The default is <c>resnet18</c>.</value>
    [Required]
    public string Name { get; set; } = "resnet18";

    /// <summary>
    /// An ONNX model from [1, 3, side, side] to a vector, or to a map of vectors whose mean is taken; relative to the binaries.
    /// </summary>
    /// <value>The default is <c>models/resnet18/ResNet18.onnx</c>.</value>
    [Required]
    public string Model { get; set; } = "models/resnet18/ResNet18.onnx";

    /// <summary>Name of the model's input.</summary>
    /// <value>The default is <c>Input247</c>.</value>
    [Required]
    public string Input { get; set; } = "Input247";

    /// <summary>Name of the output that is the vector.</summary>
    /// <value>The default is <c>Pooling395_Output_0</c>, with 512 components.</value>
    [Required]
    public string Output { get; set; } = "Pooling395_Output_0";

    /// <summary>Pixels of a side of the square that the model sees.</summary>
    /// <value>The default is 224.</value>
    [Range(8, 1_024)]
    public int Side { get; set; } = 224;

    /// <summary>Order of the channels, <c>RGB</c> or <c>BGR</c>.</summary>
    /// <value>The default is <c>BGR</c>.</value>
    [AllowedValues("RGB", "BGR")]
    public string Channels { get; set; } = "BGR";

    /// <summary>Mean of red, taken off its values from 0 to 255. Models of PyTorch want 123.675, 116.28 and 103.53.</summary>
    /// <value>The default is 125.1021; with the five that follow it is what the package's <c>ResNetPreprocess.onnx</c> does.</value>
    [Range(0, 255.0)]
    public float MeanRed { get; set; } = 125.1021f;

    /// <summary>Mean of green.</summary>
    /// <value>The default is 123.8862.</value>
    [Range(0, 255.0)]
    public float MeanGreen { get; set; } = 123.8862f;

    /// <summary>Mean of blue.</summary>
    /// <value>The default is 114.4211.</value>
    [Range(0, 255.0)]
    public float MeanBlue { get; set; } = 114.4211f;

    /// <summary>Standard deviation of red, by which it is divided. Models of PyTorch want 58.395, 57.12 and 57.375.</summary>
    /// <value>The default is 1.</value>
    [Range(0.001, 255.0)]
    public float DeviationRed { get; set; } = 1;

    /// <summary>Standard deviation of green.</summary>
    /// <value>The default is 1.</value>
    [Range(0.001, 255.0)]
    public float DeviationGreen { get; set; } = 1;

    /// <summary>Standard deviation of blue.</summary>
    /// <value>The default is 1.</value>
    [Range(0.001, 255.0)]
    public float DeviationBlue { get; set; } = 1;

    /// <summary>Pictures with more pixels are refused from their header; a pixel takes four bytes while its picture is decoded.</summary>
    /// <value>The default is 16,777,216 (4,096 × 4,096, 64 MB).</value>
    [Range(1_024, 268_435_456)]
    public int MaxPixels { get; set; } = 16_777_216;

    /// <summary>Pictures decoded and encoded at a time, each on one thread.</summary>
    /// <value>The default is 2.</value>
    [Range(1, 64)]
    public int Concurrency { get; set; } = 2;

    /// <summary>The model's file.</summary>
    internal string ModelPath => Path.Combine(AppContext.BaseDirectory, Model);
}

[OptionsValidator]
internal sealed partial class PicturesOptionsValidator : IValidateOptions<PicturesOptions>;

/// <summary>What cannot be said by annotations: the model must be there, before a picture comes.</summary>
internal sealed class PictureModelValidator : IValidateOptions<PicturesOptions>
{
    public ValidateOptionsResult Validate(string? name, PicturesOptions options)
        => !options.Enabled || File.Exists(options.ModelPath)
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(
                $"{PicturesOptions.SectionName}:{nameof(PicturesOptions.Model)} is '{options.Model}', "
                + $"but there is no {options.ModelPath}.");
}

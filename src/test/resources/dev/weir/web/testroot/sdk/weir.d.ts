export declare const weir: number;
